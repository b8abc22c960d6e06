"""A trained TF.js layers model as a torch module, to learn from. Takes float [n, 1, h, w], gives logits (the last softmax is left out).

Knows the layers a residual classifier is made of; others are refused.
"""
import json
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional


class Teacher(nn.Module):
    def __init__(self, folder):
        super().__init__()
        folder = Path(folder)
        content = json.loads((folder / "model.json").read_text())
        topology = content["modelTopology"]
        self.steps = (topology.get("model_config") or topology)["config"]["layers"]
        self.classes = [name.replace("_", " ") for name in json.loads((folder / "class.json").read_text())]
        self.tensors = {}
        for group in content["weightsManifest"]:
            data = b"".join((folder / name).read_bytes() for name in group["paths"])
            offset = 0
            for entry in group["weights"]:
                array = np.frombuffer(data, np.float32, int(np.prod(entry["shape"])), offset).reshape(entry["shape"])
                offset += array.nbytes
                self.tensors[tuple(entry["name"].split("/")[-2:])] = torch.from_numpy(array.copy())

    @torch.no_grad()
    def forward(self, x):
        values = {}
        for step in self.steps:
            sources = step.get("inbound_nodes") or []
            inputs = [values[source[0]] for source in sources[0]] if sources else [x]
            values[step["name"]] = self.run(step["class_name"], step["config"], step["name"], inputs)
        return values[self.steps[-1]["name"]]

    def run(self, kind, config, name, inputs):
        x, tensor = inputs[0], lambda key: self.tensors.get((name, key))
        if kind == "Conv2D":
            kernel, stride = tensor("kernel").permute(3, 2, 0, 1), config["strides"][0]
            if config["padding"] == "same":  # TensorFlow's: the odd pixel goes behind
                pad = max((-(-x.shape[2] // stride) - 1) * stride + kernel.shape[2] - x.shape[2], 0)
                x = functional.pad(x, (pad // 2, pad - pad // 2) * 2)
            return functional.conv2d(x, kernel.contiguous(memory_format=torch.channels_last), tensor("bias"), stride)
        if kind == "BatchNormalization":
            statistics = tensor("moving_mean"), tensor("moving_variance")
            return functional.batch_norm(x, *statistics, tensor("gamma"), tensor("beta"), False, 0, config["epsilon"])
        if kind == "Dense":
            y = x @ tensor("kernel") + tensor("bias")
            return functional.relu(y) if config["activation"] == "relu" else y
        if kind == "GlobalAveragePooling2D":
            return x.mean((2, 3))
        simple = {"ReLU": functional.relu, "Add": lambda x: x + inputs[1], "InputLayer": lambda x: x, "Dropout": lambda x: x}
        if kind not in simple:
            raise ValueError(f"layer {name}: {kind} is not supported; teachers of {', '.join(simple)}, Conv2D, BatchNormalization, Dense are")
        return simple[kind](x)
