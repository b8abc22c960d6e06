"""Train one sketch net and write one checkpoint. Never looks at the test drawings.

  python3 -m training.train --data <folder> --variant fbin --out fbin.pt [--init fprec.pt --teacher fprec.pt]

The checkpoint is rewritten after every epoch, atomically; Ctrl-C leaves that of the last whole epoch.
"""
import argparse
import math
import sys
import time

import torch
from torch.nn import functional

from .augment import augment
from .checkpoint import load_checkpoint, save_checkpoint
from .data import hold_out, load
from .evaluate import run, to_input, top1
from .nets import VARIANTS, SketchNet, count_bytes

# Steps of linear warm-up before the cosine. Arbitrary; a young Adam's second moments need about this long.
WARM_UP_STEPS = 200


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="folder, see data.py")
    parser.add_argument("--per-class", type=int, help="use only so many drawings of each <class>.npy")
    parser.add_argument("--out", required=True, help="checkpoint to write")
    parser.add_argument("--variant", choices=VARIANTS, required=True)
    parser.add_argument("--kinds", help="override the variant's letters, e.g. WFFFWP")
    parser.add_argument("--levels", choices=["float", "sign", "two-level"], help="override the variant's weights")
    parser.add_argument("--width", type=int, default=32)
    parser.add_argument("--init", help="start from this checkpoint's weights (same width)")
    parser.add_argument("--teacher", help="learn from this checkpoint's logits as well as from the labels")
    parser.add_argument("--hard", type=float, default=0.3, help="share of the labels in the loss with a teacher")
    parser.add_argument("--temperature", type=float, default=3.0, help="of the teacher")
    parser.add_argument("--smoothing", type=float, default=0.0, help="label smoothing without a teacher")
    parser.add_argument("--estimator", choices=["clip", "poly"], default="clip", help="gradient of the sign")
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--decay", type=float, default=0.0, help="weight decay of float convolutions")
    parser.add_argument("--augment", type=float, default=1.0, help="strength of the augmentation")
    parser.add_argument("--validate", type=float, default=0.0, help="hold out this fraction of the training part")
    parser.add_argument("--bf16", action="store_true", help="convolve in bfloat16 while training")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def build(args, classes, device):
    kinds, levels = VARIANTS[args.variant]
    net = SketchNet(args.kinds or kinds, args.levels or levels, args.width, classes, args.estimator)
    if args.init:
        start, _ = load_checkpoint(args.init)
        missing, unknown = net.load_state_dict(start.state_dict(), strict=False)
        # The norms before the signs are all that kinds may differ in.
        odd = [key for key in missing + unknown if "front." not in key]
        if odd:
            raise ValueError(f"{args.init} does not fit this net: {odd}")
    return net.to(device, memory_format=torch.channels_last)


def build_optimizer(net, args):
    """AdamW. Only float weights decay: a binary filter's size means nothing once alpha and BN follow."""
    decayed = [layer.weight for layer in [*(b.conv for b in net.blocks), net.classifier] if layer.levels == "float"]
    chosen = {id(p) for p in decayed}
    rest = [p for p in net.parameters() if id(p) not in chosen]
    groups = [dict(params=decayed, weight_decay=args.decay), dict(params=rest, weight_decay=0)]
    return torch.optim.AdamW(groups, lr=args.lr)


def learning_rate(args, step, steps):
    warm = min(1, (step + 1) / min(WARM_UP_STEPS, max(1, steps // 10)))
    return args.lr * warm * 0.5 * (1 + math.cos(math.pi * step / steps))


def compute_loss(args, logits, labels, soft):
    if soft is None:
        return functional.cross_entropy(logits, labels, label_smoothing=args.smoothing)
    t = args.temperature
    goal = functional.softmax(soft / t, 1)
    distance = functional.kl_div(functional.log_softmax(logits / t, 1), goal, reduction="batchmean") * t * t
    return args.hard * functional.cross_entropy(logits, labels) + (1 - args.hard) * distance


def train_epoch(net, teacher, optimizer, drawings, args, epoch, generator, device):
    """One pass in random order, the last partial batch left out. Returns mean loss and training top-1."""
    net.train()
    order = torch.randperm(len(drawings.labels), generator=generator)
    per_epoch = len(order) // args.batch
    loss_sum = hits = 0
    for i in range(per_epoch):
        rate = learning_rate(args, epoch * per_epoch + i, args.epochs * per_epoch)
        for group in optimizer.param_groups:
            group["lr"] = rate
        index = order[i * args.batch : (i + 1) * args.batch].numpy()
        x = augment(to_input(drawings.images[index], device), generator, args.augment)
        x = x.contiguous(memory_format=torch.channels_last)
        labels = torch.from_numpy(drawings.labels[index]).to(device)
        with torch.autocast(device.type, torch.bfloat16, enabled=args.bf16):
            with torch.no_grad():
                soft = teacher(x).float() if teacher else None
            logits = net(x).float()
        loss = compute_loss(args, logits, labels, soft)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        loss_sum += loss.item()
        hits += (logits.argmax(1) == labels).sum().item()
    return loss_sum / per_epoch, hits / (per_epoch * args.batch)


def main():
    args = parse_arguments()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    generator = torch.Generator().manual_seed(args.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    drawings = load(args.data, args.per_class)
    train, held = drawings.train, None
    if args.validate:
        train, held = hold_out(train, args.validate)
    net = build(args, len(drawings.classes), device)
    teacher = load_checkpoint(args.teacher)[0].to(device, memory_format=torch.channels_last) if args.teacher else None
    optimizer = build_optimizer(net, args)
    print(f"{args.variant}: {len(train.labels)} drawings, {count_bytes(net)}", flush=True)

    seconds = 0.0
    for epoch in range(args.epochs):
        start = time.time()
        loss, hit = train_epoch(net, teacher, optimizer, train, args, epoch, generator, device)
        seconds += time.time() - start
        record = dict(arguments=vars(args), epochs_done=epoch + 1, minutes=round(seconds / 60, 2))
        line = f"epoch {epoch + 1}/{args.epochs} loss {loss:.4f} train {100 * hit:.2f} %"
        if held:
            record["validation"] = top1(run(net, held.images), held.labels)
            line += f" validation {100 * record['validation']:.2f} %"
        save_checkpoint(args.out, net, record)
        print(f"{line} {time.time() - start:.1f} s", flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("stopped; the checkpoint of the last whole epoch stands")
