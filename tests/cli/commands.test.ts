// The commands doing what they are for: a tiny ONNX net is converted, inspected, run on pictures and arrays, timed.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { readNpy, writeNpy } from "../../src/cli/npy.ts";
import { CLI, LABELS, makeJpeg, makePng, makeSidesOnnx, openSession, type Session } from "./command-line.ts";

let session: Session;

/** Every picture has ink on the left half only. */
const isLeft = (width: number) => (x: number) => x < width / 2;
const LEFT_STROKES = '{"word":"left","drawing":[[[0,0],[0,255]],[[20,20,20],[0,90,255]],[[40,40],[0,255]],[[255,255],[128,128]]]}';

before(async () => {
  session = openSession();
  session.write("sides.onnx", makeSidesOnnx());
  session.write("left.png", makePng(4, 4, isLeft(4)));
  session.write("large.png", makePng(64, 64, isLeft(64)));
  session.write("left.jpg", makeJpeg(32, 32, isLeft(32)));
  session.write("drawings.ndjson", `${LEFT_STROKES}\n\n${LEFT_STROKES.replace('"left"', '"right"')}\n`);
  session.write(
    "x.npy",
    writeNpy(
      [2, 1, 4, 4],
      Float32Array.from({ length: 32 }, (_, i) => (i < 16 === i % 4 < 2 ? 1 : 0)),
    ),
  );
  const { code, stderr } = await session.hybit(
    "convert",
    "sides.onnx",
    "-o",
    "sides.hybit",
    "--labels",
    LABELS.join(),
    "--preprocess",
    "gray,4x4,invert",
  );
  assert.deepEqual([code, stderr], [0, ""]);
});

after(() => session.close());

test("convert says what each layer became and why", async () => {
  const { code, stdout, stderr } = await session.hybit("convert", "sides.onnx", "-o", "again.hybit", "--name", "sides", "--license", "CC0-1.0");
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /^layer +kind +weights +in +out +shape +bytes +float +ratio$/m);
  assert.match(stdout, /^sides +WBin +sign +f32 +f32 +Nx3 +36 B +204 B +5\.7x$/m);
  assert.match(stdout, /^layer +why$/m);
  assert.match(stdout, /^written {2}again\.hybit {2}\d/m);
  assert.doesNotMatch(stdout, /[ \t]$/m);
  assert.ok(!stdout.includes("\x1b"));
});

test("convert --json is the report", async () => {
  const { stdout } = await session.hybit("convert", "sides.onnx", "-o", "json.hybit", "--json");
  const report = JSON.parse(stdout);
  assert.equal(report.output, "json.hybit");
  assert.equal(report.fileBytes, readFileSync(join(session.folder, "json.hybit")).length);
  assert.equal(report.layers[0].kind, "WBin");
  assert.deepEqual(report.warnings, []);
});

test("convert --int8 compares with the model that has none", async () => {
  const { code, stdout, stderr } = await session.hybit("convert", "sides.onnx", "-o", "int8.hybit", "--int8", "wbin");
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /^sides +WBin +sign +i8 +f32 +Nx3/m);
  assert.match(stdout, /int8 inputs: scale of each run/);
  assert.match(
    stdout,
    /^int8 inputs: 1 layer; on 16 random inputs outputs differ by 0\.\d % of their range at most, the same top-1 on 1[56] of 16$/m,
  );
  const { stdout: inspected } = await session.hybit("inspect", "int8.hybit");
  assert.match(inspected, /^sides +WBin +1x3 +8 +1 +32/m);
  const { stdout: json } = await session.hybit("convert", "sides.onnx", "-o", "int8.hybit", "--int8", "first", "--json");
  assert.deepEqual(JSON.parse(json).int8, { layers: 0, kind: "random", inputs: 16, difference: 0, sameTop1: 16 });
});

test("convert --bytes makes a model that takes pixels, or says why it cannot", async () => {
  await session.hybit("export", resolve("models/sketch10-wbin.hybit"), "-o", "sketch.onnx");
  const rule = ["--labels", "apple,bicycle,bowtie,cat,diamond,eye,fish,lollipop,rainbow,train", "--preprocess", "gray,28x28,invert,resize=contain"];
  const { code, stderr } = await session.hybit("convert", "sketch.onnx", "-o", "bytes.hybit", "--bytes", ...rule);
  assert.deepEqual([code, stderr], [0, ""]);
  const { stdout: inspected } = await session.hybit("inspect", "bytes.hybit");
  assert.match(inspected, /inputs +input i8 Nx1x28x28/);
  const { stdout } = await session.hybit("run", "bytes.hybit", resolve("examples/drawings/cat.ndjson"));
  assert.match(stdout, /drawn as cat ✓/);
  const refused = await session.hybit("convert", "sketch.onnx", "-o", "no.hybit", "--bytes", "--preprocess", "gray,28x28,mean=0.5");
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /the mean, 0.5, is pixel 127.5, which must be whole/);
  assert.equal(existsSync(join(session.folder, "no.hybit")), false);
});

test("convert --int8 --calibrate takes the scale from the data", async () => {
  const { code, stdout, stderr } = await session.hybit(
    "convert",
    "sides.onnx",
    "-o",
    "int8.hybit",
    "--int8",
    "all",
    "--calibrate",
    "x.npy",
    "--json",
  );
  assert.deepEqual([code, stderr], [0, ""]);
  const { int8, layers } = JSON.parse(stdout);
  assert.deepEqual([int8.layers, int8.kind, int8.inputs, int8.sameTop1], [1, "calibration", 2, 2]);
  assert.ok(int8.difference < 1e-6);
  assert.match(layers[0].reason, /int8 inputs: scale 0\.00787 from calibration/);
  const alone = await session.hybit("convert", "sides.onnx", "-o", "int8.hybit", "--calibrate", "x.npy");
  assert.equal(alone.code, 2);
  assert.match(alone.stderr, /--calibrate goes with --int8/);
  session.write("wrong.npy", writeNpy([2, 3], new Float32Array(6)));
  const wrong = await session.hybit("convert", "sides.onnx", "-o", "int8.hybit", "--int8", "all", "--calibrate", "wrong.npy");
  assert.deepEqual([wrong.code, wrong.stderr], [1, 'hybit: wrong.npy: its shape is 2x3 but input "image" needs Nx1x4x4\n']);
});

test("export writes ONNX that converts to the same layers", async () => {
  const { code, stdout, stderr } = await session.hybit("export", "sides.hybit", "-o", "plain.onnx");
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /^written {2}plain\.onnx {2}\d+ B {2}\(sides\.hybit has /);
  const { stdout: report } = await session.hybit("convert", "plain.onnx", "-o", "back.hybit");
  assert.match(report, /^sides +WBin +sign +f32 +f32 +Nx3/m);
  const { stdout: json } = await session.hybit("export", "sides.hybit", "-o", "plain.onnx", "--json");
  assert.deepEqual(JSON.parse(json), {
    input: "sides.hybit",
    output: "plain.onnx",
    fileBytes: readFileSync(join(session.folder, "plain.onnx")).length,
  });
});

test("zoo lists the networks, and makes one that runs", async () => {
  const { code, stdout, stderr } = await session.hybit("zoo");
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /^name +size +layers +MACs +weights +fprec +wbin +fbin +hybrid +hybrid1 +hybrid3 +what$/m);
  assert.match(stdout, /^resnet18 +224 +21 +1\.8 G +11\.7 M +46\.7 MB +3\.5 MB +4\.2 MB/m);
  const small = ["--variant", "hybrid", "--size", "81", "--divider", "8", "--classes", "5"];
  const made = await session.hybit("zoo", "sketchanet", ...small, "-o", "sketch.hybit");
  assert.deepEqual([made.code, made.stderr], [0, ""]);
  assert.match(made.stdout, /^written {2}sketch\.hybit {2}.* \(8 layers, /);
  const { stdout: inspected } = await session.hybit("inspect", "sketch.hybit");
  assert.match(inspected, /^ +name +sketchanet-hybrid$/m);
  assert.match(inspected, /^ +outputs +scores f32 Nx5$/m);
  const { code: int8Code } = await session.hybit("zoo", "sketchanet", ...small, "--int8", "first", "-o", "int8.hybit");
  assert.equal(int8Code, 0);
  assert.match((await session.hybit("inspect", "int8.hybit")).stdout, /^\S+ +FPrec[^\n]* 8 +32 +\d+/m);
  const { stdout: json } = await session.hybit("zoo", "sketchanet", ...small, "-o", "sketch.hybit", "--json");
  assert.equal(JSON.parse(json).fileBytes, readFileSync(join(session.folder, "sketch.hybit")).length);
  const { stdout: binary } = await session.hybit("zoo", "sketchanet", ...small, "--last", "binary", "-o", "sketch.hybit", "--json");
  assert.ok(JSON.parse(binary).fileBytes < JSON.parse(json).fileBytes);
  assert.equal(JSON.parse(binary).equivalentMacs, JSON.parse(json).equivalentMacs);
});

test("convert warns about labels that do not fit", async () => {
  const { code, stdout, stderr } = await session.hybit("convert", "sides.onnx", "-o", "warned.hybit", "--labels", "a,b");
  assert.equal(code, 0);
  assert.match(stderr, /^warning: 2 labels .* 3 entries$/m);
  assert.match(stdout, /1 warning/);
});

test("inspect shows metadata, layers and totals", async () => {
  const { code, stdout, stderr } = await session.hybit("inspect", "sides.hybit");
  assert.deepEqual([code, stderr], [0, ""]);
  for (const pattern of [
    /inputs +image f32 Nx1x4x4/,
    /labels +3: left, right, upper/,
    /images +gray 4x4, inverted/,
    /^sides +WBin +1x3 +32 +1 +32/m,
    /binary weights 48 \(100\.0 %\)/,
  ]) {
    assert.match(stdout, pattern);
  }
});

test("inspect --plan shows steps, kernels, places and memory; --batch counts", async () => {
  const { stdout } = await session.hybit("inspect", "sides.hybit", "--plan", "--batch", "5");
  assert.match(stdout, /^step +layer +op +kernel/m);
  assert.match(stdout, /sides +dense +dense_\w+ +5x16@\d+ +5x3@\d+ +60 B +240/);
  assert.match(stdout, /batch 5, (simd|scalar) build: arena .*, scratch .*, tables .*, peak with weights .*, 240 MACs/);
});

test("inspect --json holds the same numbers", async () => {
  const found = JSON.parse((await session.hybit("inspect", "sides.hybit", "--json", "--plan")).stdout);
  assert.deepEqual(found.metadata.labels, LABELS);
  assert.equal(found.totals.macs.WBin, 48);
  assert.equal(found.layers.at(-1).floatBytes, 4 * (48 + 3));
  assert.equal(found.plan.steps.at(-1).node, "sides");
  assert.ok(found.plan.peakBytes > found.plan.arenaBytes);
});

test("run names pictures of every kind, whatever they are called", async () => {
  session.write("picture", readFileSync(join(session.folder, "left.png")));
  for (const file of ["left.png", "large.png", "left.jpg", "picture", "drawings.ndjson"]) {
    const { code, stdout, stderr } = await session.hybit("run", "sides.hybit", file, "--json");
    assert.deepEqual([code, stderr], [0, ""], file);
    const { results } = JSON.parse(stdout);
    assert.equal(results[0].top[0].label, "left", file);
    assert.equal(results.length, file === "drawings.ndjson" ? 2 : 1);
  }
});

test("run prints bars, and for drawings whether they were recognised", async () => {
  const { stdout } = await session.hybit("run", "sides.hybit", "left.png", "drawings.ndjson", "--top", "2");
  assert.match(stdout, /^left\.png\n {2}left +█+[▏▎▍▌▋▊▉]? +\d+\.\d %\n {2}upper/m);
  assert.match(stdout, /^drawings\.ndjson:1 {2}drawn as left ✓$/m);
  assert.match(stdout, /^drawings\.ndjson:3 {2}drawn as right ✗$/m);
  assert.match(stdout, /^recognised +1 of 2$/m);
  assert.match(stdout, /^wasm build +(simd|scalar)$/m);
  assert.match(stdout, /^speed +[\d.]+ ms per picture \(median of 3\)$/m);
  assert.doesNotMatch(stdout, /right +[█▏]/, "--top 2 leaves the third label out");
  assert.ok(stdout.split("\n").every((line) => [...line].length <= 80));
});

test("run --picture shows what the model sees: ink as ink, after inversion", async () => {
  const { stdout } = await session.hybit("run", "sides.hybit", "left.png", "--picture");
  assert.equal(stdout.match(/^██( {2}|$)/gm)?.length, 2);
  const { stdout: colored } = await session.hybitWith({ env: { FORCE_COLOR: "1" } }, "run", "sides.hybit", "left.png", "--picture");
  assert.ok(colored.includes("\x1b[38;5;255;48;5;255m▀▀"));
});

test("NO_COLOR wins, and pipes get no colours by themselves, not even under CI", async () => {
  for (const env of [
    { NO_COLOR: "1", FORCE_COLOR: "1" },
    { CI: "true", TERM: "xterm-256color" },
  ]) {
    const { stdout } = await session.hybitWith({ env }, "run", "sides.hybit", "left.png", "--picture");
    assert.ok(!stdout.includes("\x1b"));
  }
});

test("every build and the reference kernels agree", async () => {
  const scores = [];
  for (const options of [
    ["--build", "simd"],
    ["--build", "scalar"],
    ["--kernels", "reference"],
  ]) {
    const { stdout } = await session.hybit("run", "sides.hybit", "left.png", "--json", ...options);
    scores.push(
      JSON.parse(stdout)
        .results[0].top.map(({ score }: { score: number }) => score.toFixed(4))
        .join(),
    );
  }
  assert.equal(new Set(scores).size, 1, scores.join(" | "));
});

test("a picture that fails does not stop the others, but counts", async () => {
  const { code, stdout, stderr } = await session.hybit("run", "sides.hybit", "none.png", "left.png", "--json");
  assert.equal(code, 1);
  const { results, failures } = JSON.parse(stdout);
  assert.equal(results.length, 1);
  assert.deepEqual(failures, [{ file: "none.png", error: "none.png: cannot be read: there is no such file" }]);
  assert.equal(stderr, "hybit: none.png: cannot be read: there is no such file\n");
});

test("run --input writes every output as .npy", async () => {
  const { code, stdout, stderr } = await session.hybit("run", "sides.hybit", "--input", "x.npy", "--out", "results/deep");
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /^results\/deep\/scores\.npy {2}2x3$/m);
  const { shape, data } = readNpy(readFileSync(join(session.folder, "results/deep/scores.npy")));
  assert.deepEqual(shape, [2, 3]);
  assert.deepEqual([...data], [8, -8, 0.5, -8, 8, 0.5]);
  const named = JSON.parse((await session.hybit("run", "sides.hybit", "--input", "image=x.npy", "--out", "named", "--json")).stdout);
  assert.deepEqual(named.outputs, [{ name: "scores", shape: [2, 3], file: "named/scores.npy" }]);
});

test("a large batch in pieces gives what small batches give", async () => {
  const items = 600;
  const numbers = Float32Array.from({ length: items * 16 }, (_, i) => Math.fround(Math.sin(i)));
  session.write("many.npy", writeNpy([items, 1, 4, 4], numbers));
  const last = items - 1;
  session.write("last.npy", writeNpy([1, 4, 4], numbers.subarray(last * 16)));
  await session.hybit("run", "sides.hybit", "--input", "many.npy", "--out", "many");
  await session.hybit("run", "sides.hybit", "--input", "last.npy", "--out", "last");
  const many = readNpy(readFileSync(join(session.folder, "many/scores.npy")));
  const one = readNpy(readFileSync(join(session.folder, "last/scores.npy")));
  assert.deepEqual([many.shape, one.shape], [[items, 3], [1, 3]]); // biome-ignore format: a pair
  for (let i = 0; i < 3; i++) assert.ok(Math.abs((many.data[last * 3 + i] as number) - (one.data[i] as number)) < 1e-5);
});

test("bench times the whole and every layer", async () => {
  const { code, stdout } = await session.hybit("bench", "sides.hybit", "--runs", "3");
  assert.equal(code, 0);
  assert.match(stdout, /^layer +kernel +ms +share +MACs +GMAC\/s$/m);
  assert.match(stdout, /^sides +dense_\w+ +[\d.]+ +[\d.]+ %/m);
  assert.match(stdout, /^whole model {2}[\d.]+ ms median, [\d.]+ ms min, 48 MACs/m);
  const found = JSON.parse((await session.hybit("bench", "sides.hybit", "--runs", "3", "--json")).stdout);
  assert.deepEqual([found.runs, found.macs, found.layers.at(-1).node], [3, 48, "sides"]);
  assert.ok(found.ms.min <= found.ms.median);
});

test("help and version", async () => {
  const { code, stdout } = await session.hybit("--help");
  assert.equal(code, 0);
  for (const command of ["convert", "inspect", "run", "bench"]) {
    assert.match(stdout, new RegExp(`^ +${command} `, "m"));
    const help = await session.hybit(command, "--help");
    assert.equal(help.code, 0);
    assert.match(help.stdout, new RegExp(`Usage: hybit ${command} `));
    assert.match(help.stdout, /--json/);
  }
  const { version } = JSON.parse(readFileSync("package.json", "utf8"));
  assert.equal((await session.hybit("--version")).stdout, `${version}\n`);
});

test("docs/cli.md knows every option", async () => {
  const page = readFileSync("docs/cli.md", "utf8");
  const missing: string[] = [];
  for (const command of ["convert", "inspect", "run", "bench"]) {
    const { stdout } = await session.hybit(command, "--help");
    const section = new RegExp(`## hybit ${command}\\n([\\s\\S]*?)(?=\\n## |$)`).exec(page)?.[1] ?? "";
    const shared = /## Options of all commands[\s\S]*?(?=\n## |$)/.exec(page)?.[0] ?? "";
    for (const [option] of stdout.matchAll(/(?<=^ +(?:-\w, )?)--[\w-]+/gm)) {
      if (!section.includes(`\`${option}`) && !shared.includes(`\`${option}`)) missing.push(`${command} ${option}`);
    }
  }
  assert.deepEqual(missing, []);
});

test("a reader that goes away ends it quietly", { skip: process.platform === "win32" }, () => {
  const many = new Array(200).fill("left.png").join(" ");
  const { stderr, stdout } = spawnSync("sh", ["-c", `"${process.execPath}" "${CLI}" run sides.hybit ${many} | head -n 1`], {
    cwd: session.folder,
    encoding: "utf8",
  });
  assert.deepEqual([stdout, stderr], ["left.png\n", ""]);
});

test("Ctrl-C leaves a whole file or none, and nothing beside it", { skip: process.platform === "win32" }, async () => {
  const whole = readFileSync(join(session.folder, "sides.hybit")).length;
  for (const killAfterMs of [40, 80, 120, 160]) {
    await session.hybitWith(
      { killAfterMs },
      "convert",
      "sides.onnx",
      "-o",
      "killed.hybit",
      "--labels",
      LABELS.join(),
      "--preprocess",
      "gray,4x4,invert",
    );
    const path = join(session.folder, "killed.hybit");
    if (existsSync(path)) assert.equal(readFileSync(path).length, whole);
    assert.deepEqual(
      readdirSync(session.folder).filter((name) => name.endsWith(".tmp")),
      [],
    );
  }
});

test("tune writes a file that the other commands take", async () => {
  const { code, stdout, stderr } = await session.hybit("tune", "sides.hybit", "--runs", "2");
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /written {2}sides\.tune\.json/);
  const tuned = JSON.parse(readFileSync(join(session.folder, "sides.tune.json"), "utf8"));
  assert.deepEqual(Object.keys(tuned), ["model", "build", "batch", "kernels"]);
  assert.equal((await session.hybit("bench", "sides.hybit", "--runs", "2", "--tuned", "sides.tune.json")).code, 0);
  session.write("other.json", '{"kernels":{"nothing":"dense_f32_dot_2x4"}}');
  const other = await session.hybit("bench", "sides.hybit", "--tuned", "other.json");
  assert.deepEqual([other.code, other.stdout], [1, ""]);
  assert.match(other.stderr, /other\.json names the layer "nothing", which the model does not have; run hybit tune on this model/);
  session.write("broken.json", "{");
  assert.match((await session.hybit("bench", "sides.hybit", "--tuned", "broken.json")).stderr, /broken\.json: it is not JSON/);
});
