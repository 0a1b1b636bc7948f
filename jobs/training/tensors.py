"""Tensors as files in the safetensors form: no code in them, and a full disk is told as what it is."""

import errno
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save_file

from storage.errors import NoSpace

Tensors = Mapping[str, torch.Tensor]


def write_tensors(path: Path, tensors: Tensors) -> None:
    """Write the tensors, from whatever device they are on, into a new file; raise NoSpace where it does not fit."""
    here = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    try:
        save_file(here, str(path), metadata={"format": "pt"})
    except SafetensorError as error:
        # The writer speaks no other language: its message ends with the number that the system gave.
        if f"os error {errno.ENOSPC}" in str(error):
            raise NoSpace(f"The disk is too full to keep {path.name}.") from error
        raise


def read_tensors(path: Path) -> dict[str, torch.Tensor]:
    """Return the tensors of a file, in memory of their own: the file may be removed."""
    return load(path.read_bytes())
