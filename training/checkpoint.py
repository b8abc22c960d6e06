"""Files that are never half-written, and checkpoints that carry their net's configuration."""
import os
import tempfile
from pathlib import Path

import torch

from .nets import SketchNet
from .student import Student

NETS = {"SketchNet": SketchNet, "Student": Student}


def write_atomically(path, write):
    """Call write(temporary path), then rename over `path`. An interrupt leaves the old file as it was."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # The suffix stays: numpy appends .npy to names without it.
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".writing-", suffix=path.suffix)
    os.close(handle)
    try:
        write(temporary)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    finally:
        if os.path.exists(temporary):
            os.remove(temporary)


def save_checkpoint(path, net, record):
    """Save weights, configuration and a record of how they came about (plain dict)."""
    content = dict(net=type(net).__name__, config=net.config, weights=net.state_dict(), record=record)
    write_atomically(path, lambda temporary: torch.save(content, temporary))


def load_checkpoint(path):
    """Returns the net in eval mode and its record."""
    content = torch.load(path, map_location="cpu")
    net = NETS[content.get("net", "SketchNet")](**content["config"])
    net.load_state_dict(content["weights"])
    return net.eval(), content["record"]
