// Makes models/sketch10-*.hybit and the fixtures that test them from what training/ exported:
//   node scripts/convert-models.mjs FOLDER
// FOLDER holds, per variant, sketch10-<variant>.onnx and PyTorch's logits on the test drawings, sketch10-<variant>.logits.npy,
// and summary.json with the accuracies (training/README.md).
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const folder = process.argv[2];
if (folder === undefined) {
  console.error("usage: node scripts/convert-models.mjs FOLDER, the folder that training exported to");
  process.exit(2);
}

const LABELS = "apple,bicycle,bowtie,cat,diamond,eye,fish,lollipop,rainbow,train";
const VARIANTS = { fprec: "real weights and inputs", wbin: "binary weights, real inputs", fbin: "binary weights and inputs", hybrid: "hybrid" };
const FIXTURES = "tests/fixtures/sketch10";

const { variants } = JSON.parse(readFileSync(join(folder, "summary.json"), "utf8"));
mkdirSync(FIXTURES, { recursive: true });
for (const [variant, what] of Object.entries(VARIANTS)) {
  const name = `sketch10-${variant}`;
  const training = `${what}; top-1 ${variants[variant].top1} % on the 2,800 test drawings of quickdraw10; recipe in training/README.md`;
  const options = {
    name,
    labels: LABELS,
    preprocess: "gray,28x28,invert,resize=contain",
    license: "Apache-2.0",
    attribution: "trained on drawings of Google's Quick, Draw! data set (CC BY 4.0)",
    training,
  };
  const args = Object.entries(options).flatMap(([option, value]) => [`--${option}`, value]);
  execFileSync(process.execPath, ["dist/cli.js", "convert", join(folder, `${name}.onnx`), "-o", `models/${name}.hybit`, ...args], {
    stdio: "inherit",
  });

  const keep = (from, to) => writeFileSync(join(FIXTURES, to), gzipSync(readFileSync(join(folder, from)), { level: 9 }));
  keep(`${name}.logits.npy`, `${variant}.logits.npy.gz`);
  // The float net has no signs to look at, and its weights do not compress.
  if (variant !== "fprec") keep(`${name}.onnx`, `${variant}.onnx.gz`);
}
