"""Run with: python3 -m unittest training.test_training (from the repository's root; seconds, no data needed)."""
import itertools
import tempfile
import unittest
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch.nn import functional

from .augment import augment
from .checkpoint import load_checkpoint, save_checkpoint, write_atomically
from .data import hold_out, load
from .export import bake, export
from .layers import Block, MonotonePReLU
from .nets import VARIANTS, SketchNet, count_bytes, measure_layers
from .quantize import SignStraightThrough, quantise_straight_through, sign, sign_levels, split_two_levels, two_levels
from .settle import settle

SEED = 20180403


def make_net(variant, width=4):
    """A small net whose every parameter and statistic is away from its default."""
    torch.manual_seed(SEED)
    net = SketchNet(*VARIANTS[variant], width=width)
    for name, tensor in itertools.chain(net.named_parameters(), net.named_buffers()):
        if tensor.dim() == 1 and "running_var" not in name:
            tensor.data.normal_(0, 0.5)
    net.train()
    with torch.no_grad():
        net(torch.rand(64, 1, 28, 28))
    return net.eval()


def run_onnx(path, x):
    """Run an exported file with torch's functions, node by node, knowing only the operators we may emit."""
    graph = onnx.load(str(path)).graph
    values = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in graph.initializer}
    values[graph.input[0].name] = x
    operators = {
        "Conv": lambda a, x, w, b=None: functional.conv2d(x, w, b, a["strides"], a["pads"][:2]),
        "BatchNormalization": lambda a, x, w, b, m, v: functional.batch_norm(x, m, v, w, b, eps=a["epsilon"]),
        "PRelu": lambda a, x, s: torch.where(x < 0, x * s, x),
        "MaxPool": lambda a, x: functional.max_pool2d(x, a["kernel_shape"], a["strides"]),
        "GreaterOrEqual": lambda a, x, y: x >= y,
        "Where": lambda a, c, x, y: torch.where(c, x, y),
        "Constant": lambda a: torch.from_numpy(numpy_helper.to_array(a["value"]).copy()),
        "Identity": lambda a, x: x,
        "Flatten": lambda a, x: x.flatten(a["axis"]),
        "Gemm": lambda a, x, w, b: x @ w.t() + b,
    }
    for node in graph.node:
        attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
        values[node.output[0]] = operators[node.op_type](attributes, *[values[name] for name in node.input])
    return values[graph.output[0].name]


class Quantisers(unittest.TestCase):
    def test_sign_counts_both_zeros_as_plus_one(self):
        self.assertEqual(sign(torch.tensor([-2.0, -0.0, 0.0, 3.0])).tolist(), [-1, 1, 1, 1])

    def test_sign_gradients(self):
        for estimator, wanted in (("clip", [0, 1, 1, 1, 0]), ("poly", [0, 1, 2, 1.5, 0])):
            x = torch.tensor([-1.5, -0.5, 0.0, 0.25, 2.0], requires_grad=True)
            (SignStraightThrough.apply(x, estimator) * 3).sum().backward()
            self.assertEqual((x.grad / 3).tolist(), wanted, estimator)

    def test_weight_gradient_is_identity(self):
        for levels in ("float", "sign", "two-level"):
            weight = torch.randn(3, 4, 3, 3, requires_grad=True)
            goal = torch.randn(3, 4, 3, 3)
            (quantise_straight_through(weight, levels) * goal).sum().backward()
            self.assertTrue(torch.equal(weight.grad, goal), levels)

    def test_sign_levels_are_alpha_of_the_centred_filter(self):
        weight = torch.randn(5, 4, 3, 3)
        centred = weight - weight.mean(1, keepdim=True)
        for filter_levels, real in zip(sign_levels(weight), centred):
            self.assertEqual(len(filter_levels.unique()), 2)
            torch.testing.assert_close(filter_levels, real.abs().mean() * sign(real))

    def test_two_levels_against_brute_force(self):
        generator = torch.Generator().manual_seed(SEED)
        for n in (2, 3, 7, 10):
            rows = torch.randn(6, n, generator=generator)
            threshold, alpha, beta = split_two_levels(rows)
            error = (torch.where(rows >= threshold, alpha, beta) - rows).square().sum(1)
            for row, ours in zip(rows.double(), error):
                best = min(
                    (row[mask] - row[mask].mean()).square().sum() + (row[~mask] - row[~mask].mean()).square().sum()
                    for bits in itertools.product([False, True], repeat=n)
                    if any(bits) and not all(bits)
                    for mask in [torch.tensor(bits)]
                )
                self.assertAlmostEqual(ours.item(), best.item(), 5, f"n {n} row {row.tolist()}")

    def test_two_levels_keep_two_level_filters(self):
        weight = torch.where(torch.rand(4, 3, 3, 3) < 0.4, 0.75, -0.25)
        torch.testing.assert_close(two_levels(weight), weight)


class Layers(unittest.TestCase):
    def test_prelu_is_monotone_and_bakes(self):
        act = MonotonePReLU(3)
        act.slope.data = torch.tensor([-0.5, 0.0, 2.0])
        x = torch.linspace(-2, 2, 41).view(1, 1, -1, 1).repeat(1, 3, 1, 1)
        self.assertTrue((act(x).diff(dim=2) >= 0).all())
        torch.testing.assert_close(act.bake()(x), act(x))

    def test_pool_and_activation_change_places(self):
        block = Block("P", 2, 5, 1, True, "float", "poly")
        block.act.slope.data.normal_()
        block.norm.momentum = 1.0  # the running statistics become the batch's, so both orders see the same norm
        x = torch.randn(4, 2, 8, 8)
        pooled_first = block.train()(x)
        block.norm.running_var *= (256 - 1) / 256  # torch stores the unbiased variance
        torch.testing.assert_close(block.eval()(x), pooled_first, rtol=1e-4, atol=1e-5)

    def test_sizes(self):
        net = SketchNet(*VARIANTS["hybrid"])
        self.assertEqual(count_bytes(net)["weight_bytes"], 82816)
        self.assertLessEqual(sum(count_bytes(net).values()), 102400)
        self.assertEqual(sum(row["macs"] for row in measure_layers(net)), 10882048)


class Export(unittest.TestCase):
    def test_every_variant(self):
        x = torch.rand(9, 1, 28, 28)
        for variant, fold in itertools.product(VARIANTS, (True, False)):
            with self.subTest(variant=variant, fold=fold), tempfile.TemporaryDirectory() as folder:
                net = make_net(variant)
                baked = bake(net, fold)
                path = Path(folder) / "net.onnx"
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    export(baked, path)
                with torch.no_grad():
                    # Three batches of three: the batch size must not be written into the file.
                    logits = torch.cat([run_onnx(path, part) for part in x.split(3)])
                    torch.testing.assert_close(logits, baked(x), rtol=1e-4, atol=1e-4)
                self.check_weights(path, net, baked, fold)

    def check_weights(self, path, net, baked, fold):
        stored = {t.name: numpy_helper.to_array(t) for t in onnx.load(str(path)).graph.initializer}
        for i, (block, plain) in enumerate(zip(net.blocks, baked.blocks)):
            weight = stored[f"blocks.{i}.conv.weight"]
            np.testing.assert_array_equal(weight, plain.conv.weight.detach().numpy())
            if block.kind == "P":
                continue
            levels = sign_levels if block.conv.levels == "sign" else two_levels
            wanted = levels(block.conv.weight.detach())
            if not fold:
                np.testing.assert_array_equal(weight, wanted.numpy())
            for values in weight.reshape(len(weight), -1):
                self.assertEqual(len(np.unique(values)), 2)
                if block.conv.levels == "sign":
                    self.assertEqual(len(np.unique(np.abs(values))), 1)

    def test_baking_leaves_the_net_alone(self):
        net = make_net("fbin")
        before = {name: value.clone() for name, value in net.state_dict().items()}
        bake(net)
        self.assertTrue(all(torch.equal(value, before[name]) for name, value in net.state_dict().items()))


class Data(unittest.TestCase):
    def test_quickdraw_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            rng = np.random.default_rng(SEED)
            drawings = {name: rng.integers(0, 256, (n, 784), np.uint8) for name, n in (("owl", 40), ("ant", 20))}
            for name, images in drawings.items():
                np.save(Path(folder) / f"{name}.npy", images)
            found = load(folder)
            self.assertEqual(found.classes, ["ant", "owl"])
            self.assertEqual((len(found.train.labels), len(found.test.labels)), (54, 6))
            self.assertEqual(found.train.images.shape[1:], (28, 28))
            both = np.concatenate([found.train.images, found.test.images]).reshape(-1, 784)
            labels = np.concatenate([found.train.labels, found.test.labels])
            for label, name in enumerate(found.classes):
                self.assertEqual(sorted(map(bytes, both[labels == label])), sorted(map(bytes, drawings[name])))
            np.testing.assert_array_equal(load(folder).test.images, found.test.images)
            self.assertEqual(len(load(folder, per_class=10).train.labels), 18)

    def test_wrong_folder_says_so(self):
        with tempfile.TemporaryDirectory() as folder:
            with self.assertRaisesRegex(FileNotFoundError, "no classes.json"):
                load(folder)
            np.save(Path(folder) / "owl.npy", np.zeros((3, 100), np.uint8))
            with self.assertRaisesRegex(ValueError, "owl.npy.*784"):
                load(folder)

    def test_hold_out_divides(self):
        with tempfile.TemporaryDirectory() as folder:
            np.save(Path(folder) / "owl.npy", np.arange(50 * 784).reshape(50, 784).astype(np.uint8))
            train = load(folder).train
            rest, held = hold_out(train, 0.2)
            self.assertEqual((len(rest.labels), len(held.labels)), (36, 9))

    def test_augment_repeats(self):
        x = torch.rand(4, 1, 28, 28)
        first, again = (augment(x, torch.Generator().manual_seed(SEED)) for _ in range(2))
        self.assertTrue(torch.equal(first, again))
        self.assertFalse(torch.equal(first, x))


class Settle(unittest.TestCase):
    def test_first_norm_measures_the_drawings(self):
        net = make_net("fbin-two-level")
        images = np.random.default_rng(SEED).integers(0, 256, (20, 28, 28), np.uint8)
        settle(net, images, batch=10)
        with torch.no_grad():
            seen = net.blocks[0].conv(torch.from_numpy(images).float().div(255).unsqueeze(1))
        torch.testing.assert_close(net.blocks[0].norm.running_mean, seen.mean((0, 2, 3)))
        self.assertEqual(net.blocks[0].norm.momentum, 0.1)


class Checkpoints(unittest.TestCase):
    def test_round_trip(self):
        with tempfile.TemporaryDirectory() as folder:
            net = make_net("hybrid")
            save_checkpoint(Path(folder) / "net.pt", net, dict(seed=SEED))
            same, record = load_checkpoint(Path(folder) / "net.pt")
            x = torch.rand(2, 1, 28, 28)
            self.assertTrue(torch.equal(same(x), net(x)))
            self.assertEqual(record, dict(seed=SEED))

    def test_interrupted_write_leaves_the_old_file(self):
        def interrupted(temporary):
            Path(temporary).write_text("half")
            raise KeyboardInterrupt

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "net.pt"
            path.write_text("whole")
            with self.assertRaises(KeyboardInterrupt):
                write_atomically(path, interrupted)
            self.assertEqual(path.read_text(), "whole")
            self.assertEqual(list(Path(folder).iterdir()), [path])


if __name__ == "__main__":
    unittest.main()
