"""Train every variant with several seeds, let `hybit select` choose the hybrids, and measure all of them in the engine.

  python3 -m training.experiment --data <folder> --work <folder> --seeds 0 1 2
  python3 -m training.experiment --data <folder> --work <folder> --seeds 0 1 2 --table

A run per seed: a float net; from it and taught by it FBin, the hybrids that `hybit select` chooses on that FBin net, and all other
variants, with the same number of epochs each. What is done already is not done again, so an interrupted experiment goes on where
it stopped. Needs the built package (npm run build) and node. The test drawings are used for the final scores only.
"""
import argparse
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch

from .checkpoint import load_checkpoint, save_checkpoint, write_atomically
from .data import load
from .evaluate import run, to_input
from .export import bake, export
from .nets import count_bytes, count_equivalent_macs
from .settle import settle

CLI = Path(__file__).parent.parent / "dist" / "cli.js"

# Training drawings that hybit select measures on.
CALIBRATION = 500

# Kinds in the model file, and in nets.py.
LETTERS = {"FPrec": "P", "WBin": "W", "FBin": "F"}

# Name in the table: kinds of conv2 to conv6 and the classifier, or the choice of hybit select that gives them; quantiser.
VARIANTS = {
    "FPrec": ("PPPPPP", "float"),
    "WBin": ("WWWWWP", "sign"),
    "WBin, two levels": ("WWWWWP", "two-level"),
    "FBin": ("FFFFFP", "sign"),
    "FBin, two levels": ("FFFFFP", "two-level"),
    "Hybrid-1": ("hybrid1", "sign"),
    "Hybrid-2": ("hybrid2", "sign"),
    "Hybrid-1, the tail": ("tail", "sign"),
    "Hybrid-1, binary classifier": ("hybrid1-last", "sign"),
    "FBin, binary classifier": ("FFFFFF", "sign"),
}
CHOICES = {
    "hybrid2": [],
    "hybrid1": ["--hybrid1", "--ratio", "0.37"],
    "tail": ["--hybrid1", "--ratio", "0.37", "--tail"],
}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="folder, see data.py")
    parser.add_argument("--work", required=True, type=Path, help="folder for checkpoints, models and results")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--float-epochs", type=int, default=20)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--bf16", action="store_true")
    parser.add_argument("--table", action="store_true", help="only print the table of what has been trained")
    return parser.parse_args()


def train(args, out, seed, kinds, levels, epochs, start=None):
    """One run of training.train, unless its checkpoint is whole."""
    if out.exists() and load_checkpoint(out)[1]["epochs_done"] == epochs:
        return
    command = ["training.train", "--data", args.data, "--variant", "fprec", "--kinds", kinds, "--levels", levels]
    command += ["--epochs", epochs, "--seed", seed, "--decay", 0.05, "--out", out]
    if args.bf16:
        command.append("--bf16")
    if start:
        command += ["--init", start, "--teacher", start]
    print(f"{out.stem}", flush=True)
    subprocess.run([sys.executable, "-m", *map(str, command)], check=True)


def hybit(*arguments):
    """Run the command line; returns its JSON."""
    done = subprocess.run(["node", str(CLI), *map(str, arguments), "--json"], check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def choose(folder, choice, calibration):
    """Kinds that hybit select gives the layers of the seed's FBin net; its layers come in the order of the net."""
    path = folder / f"{choice}.selection.json"
    if not path.exists():
        hybit("select", folder / "FFFFFP-sign.onnx", "--data", calibration, "-o", path, *CHOICES[choice])
    layers = json.loads(path.read_text())["layers"]
    return "".join(LETTERS[layer["kind"]] for layer in layers[1:])


def find_kinds(folder, kinds, calibration):
    if kinds == "hybrid1-last":
        return find_kinds(folder, "hybrid1", calibration)[:-1] + "W"
    return choose(folder, kinds, calibration) if kinds in CHOICES else kinds


def to_onnx(checkpoint):
    path = checkpoint.with_suffix(".onnx")
    if not path.exists():
        net, _ = load_checkpoint(checkpoint)
        export(bake(net), path)


def train_seed(args, seed, drawings, calibration):
    folder = args.work / str(seed)
    folder.mkdir(parents=True, exist_ok=True)
    start = folder / "float.pt"
    train(args, start, seed, "PPPPPP", "float", args.float_epochs)
    names = sorted(VARIANTS, key=lambda name: name != "FBin")  # the choices need it
    for name in names:
        kinds, levels = VARIANTS[name]
        kinds = find_kinds(folder, kinds, calibration)
        out = folder / f"{kinds}-{levels}.pt"
        train(args, out, seed, kinds, levels, args.epochs, start)
        if levels == "two-level":
            net, record = load_checkpoint(out)
            if "settled" not in record:
                save_checkpoint(out, settle(net, drawings.train.images), dict(record, settled=True))
        to_onnx(out)


def measure(args, seed, name, test, paths):
    """Score a net in torch and in the engine, and size it; kept beside it."""
    folder = args.work / str(seed)
    kinds, levels = VARIANTS[name]
    kinds = find_kinds(folder, kinds, paths["calibration"])
    checkpoint = folder / f"{kinds}-{levels}.pt"
    result = checkpoint.with_suffix(".json")
    if not result.exists():
        net, record = load_checkpoint(checkpoint)
        logits = run(bake(net), test.images).numpy()
        model = checkpoint.with_suffix(".hybit")
        hybit("convert", checkpoint.with_suffix(".onnx"), "-o", model)
        hybit("run", model, "--input", paths["test"], "--out", folder / "engine")
        engine = np.load(folder / "engine" / "logits.npy")
        found = dict(
            kinds=kinds,
            levels=levels,
            hits=(logits.argmax(1) == test.labels).tolist(),
            same_top1=float((engine.argmax(1) == logits.argmax(1)).mean()),
            bytes=model.stat().st_size,
            weight_bytes=count_bytes(net)["weight_bytes"],
            equivalent_macs=count_equivalent_macs(net, kinds),
            minutes=record["minutes"],
        )
        write_atomically(result, lambda temporary: Path(temporary).write_text(json.dumps(found)))
    return json.loads(result.read_text())


def print_table(args, test, paths):
    """Mean and deviation over the seeds; differences are taken seed by seed."""
    found = {name: [measure(args, seed, name, test, paths) for seed in args.seeds] for name in VARIANTS}
    scores = {name: np.array([100 * np.mean(run["hits"]) for run in runs]) for name, runs in found.items()}
    spread = lambda numbers: f"{numbers.mean():.2f} +- {numbers.std(ddof=1):.2f}" if len(numbers) > 1 else f"{numbers[0]:.2f}"
    print("| variant | kinds, by seed | top-1, % | against FPrec | against FBin | model file, bytes | equivalent MACs | minutes | same top-1 in Hybit, % |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, runs in found.items():
        kinds = " ".join(dict.fromkeys(run["kinds"] for run in runs))
        differences = [spread(scores[name] - scores[other]) for other in ("FPrec", "FBin")]
        mean = lambda key: np.mean([run[key] for run in runs])
        cells = [name, kinds, spread(scores[name]), *differences, f"{mean('bytes'):,.0f}", f"{mean('equivalent_macs') / 1e6:.2f} M"]
        cells += [f"{mean('minutes'):.1f}", f"{100 * min(run['same_top1'] for run in runs):.2f}"]
        print(f"| {' | '.join(cells)} |")


def main():
    args = parse_arguments()
    torch.set_num_threads(1)
    drawings = load(args.data)
    args.work.mkdir(parents=True, exist_ok=True)
    paths = {name: args.work / f"{name}.npy" for name in ("calibration", "test")}
    some = np.random.default_rng(0).permutation(len(drawings.train.labels))[:CALIBRATION]
    contents = dict(
        calibration=to_input(drawings.train.images[some]).numpy(),
        test=to_input(drawings.test.images).numpy(),
    )
    for name, path in paths.items():
        if not path.exists():
            write_atomically(path, lambda temporary: np.save(temporary, contents[name]))
    if not args.table:
        for seed in args.seeds:
            train_seed(args, seed, drawings, paths["calibration"])
    print_table(args, drawings.test, paths)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("stopped; the same command goes on from here")
