"""Train a student on a cache of copies.py: mostly on the teacher's logits, a little on the labels. Never looks at the test drawings.

  python3 -m training.distil --cache <folder> --kinds PPPPP --out float.pt
  python3 -m training.distil --cache <folder> --kinds FWFWF --init float.pt --out hybrid.pt

An epoch is --images pictures drawn at random from all copies there are when it begins. The checkpoint is rewritten after every epoch; Ctrl-C
leaves that of the last whole one.
"""
import argparse
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from .checkpoint import load_checkpoint, save_checkpoint
from .evaluate import run, to_input
from .student import Student
from .train import learning_rate


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", required=True, type=Path)
    parser.add_argument("--out", required=True)
    parser.add_argument("--kinds", required=True, help="one letter of P, W, F for each block")
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--init", help="start from this checkpoint's weights (same width)")
    parser.add_argument("--estimator", choices=["clip", "poly"], default="clip")
    parser.add_argument("--epochs", type=int, default=15)
    parser.add_argument("--images", type=int, default=40000, help="an epoch")
    parser.add_argument("--more-share", type=float, default=0.15, help="share of them from more.npz, which has no labels")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--decay", type=float, default=0.0, help="weight decay of float weights")
    parser.add_argument("--hard", type=float, default=0.1, help="share of the labels in the loss")
    parser.add_argument("--temperature", type=float, default=2.0)
    parser.add_argument("--bf16", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


class Copies:
    """The training drawings, clean and distorted, and bitmaps without labels; grows while copies.py works."""

    def __init__(self, cache):
        clean = np.load(cache / "clean.npz")
        kept = ~clean["is_test"]
        self.cache = cache
        self.labels = clean["labels"][kept]
        self.parts = {"clean": (clean["images"][kept], clean["logits"][kept])}
        self.more = None
        if (cache / "more.npz").exists():
            more = np.load(cache / "more.npz")
            self.more = more["images"], more["logits"]

    def refresh(self):
        for path in sorted(self.cache.glob("copy-*.npz")):
            if path.name not in self.parts:
                copy = np.load(path)
                self.parts[path.name] = copy["images"], copy["logits"]

    def draw(self, count, more_share, rng):
        """Random pictures, their logits, and labels; -1 where there is none."""
        extra = round(count * more_share) if self.more else 0
        parts = list(self.parts.values())
        which, rows = rng.integers(len(parts), size=count - extra), rng.integers(len(self.labels), size=count - extra)
        images = [parts[part][0][row] for part, row in zip(which, rows)]
        logits = [parts[part][1][row] for part, row in zip(which, rows)]
        labels = list(self.labels[rows])
        for row in rng.integers(len(self.more[0]), size=extra) if extra else []:
            flip = rng.random() < 0.5
            images.append(self.more[0][row][:, ::-1] if flip else self.more[0][row])
            logits.append(self.more[1][row])
            labels.append(-1)
        return np.stack(images), np.stack(logits).astype(np.float32), np.array(labels)


def compute_loss(logits, soft, labels, temperature, hard):
    goal = functional.softmax(soft / temperature, 1)
    distance = functional.kl_div(functional.log_softmax(logits / temperature, 1), goal, reduction="batchmean") * temperature ** 2
    known = labels >= 0
    return (1 - hard) * distance + hard * functional.cross_entropy(logits[known], labels[known])


def train_epoch(net, optimizer, copies, args, epoch, rng):
    net.train()
    steps = args.images // args.batch
    loss_sum = 0
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(args, epoch * steps + step, args.epochs * steps)
        images, soft, labels = copies.draw(args.batch, args.more_share, rng)
        with torch.autocast("cpu", torch.bfloat16, enabled=args.bf16):
            logits = net(to_input(images).contiguous(memory_format=torch.channels_last)).float()
        loss = compute_loss(logits, torch.from_numpy(soft), torch.from_numpy(labels), args.temperature, args.hard)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        loss_sum += loss.item()
    return loss_sum / steps


def main():
    args = parse_arguments()
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    rng = np.random.default_rng(args.seed)
    copies = Copies(args.cache)
    net = Student(args.kinds, width=args.width, classes=copies.parts["clean"][1].shape[1], estimator=args.estimator)
    if args.init:
        missing, unknown = net.load_state_dict(load_checkpoint(args.init)[0].state_dict(), strict=False)
        odd = [key for key in missing + unknown if ".front." not in key]
        if odd:
            raise ValueError(f"{args.init} does not fit this net: {odd}")
    net.to(memory_format=torch.channels_last)
    decayed = [m.weight for m in net.modules() if getattr(m, "levels", "") == "float"]
    chosen = {id(p) for p in decayed}
    rest = [p for p in net.parameters() if id(p) not in chosen]
    optimizer = torch.optim.AdamW([dict(params=decayed, weight_decay=args.decay), dict(params=rest, weight_decay=0)], lr=args.lr)
    seconds = 0.0
    for epoch in range(args.epochs):
        start = time.time()
        copies.refresh()
        loss = train_epoch(net, optimizer, copies, args, epoch, rng)
        seconds += time.time() - start
        images, logits = copies.parts["clean"]
        fit = (run(net, images[::8]).argmax(1).numpy() == copies.labels[::8]).mean()
        save_checkpoint(args.out, net, dict(arguments={**vars(args), "cache": ""}, epochs_done=epoch + 1, minutes=round(seconds / 60, 2)))
        print(f"epoch {epoch + 1}/{args.epochs} loss {loss:.4f} clean training drawings {100 * fit:.1f} % {len(copies.parts) - 1} copies {time.time() - start:.0f} s", flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("stopped; the checkpoint of the last whole epoch stands")
