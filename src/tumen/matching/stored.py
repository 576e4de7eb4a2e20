"""Arrays and small files of something derived, written so that they appear whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]
# Smaller files are read at once: a mapping costs more.
_SMALL = 4096


def write_whole(folder: Path, arrays: Arrays, files: Mapping[str, bytes | memoryview]) -> None:
    """Write to `folder`, in place of what may be there."""
    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name, values in arrays.items():
        np.save(fresh / f"{name}.npy", values)
    for name, content in files.items():
        (fresh / name).write_bytes(content)
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        os.replace(folder, old)
    os.replace(fresh, folder)
    shutil.rmtree(old, ignore_errors=True)


def map_arrays(folder: Path) -> dict[str, NDArray[Any]]:
    """The arrays in a folder, mapped into memory."""
    return {path.stem: _mapped(path) for path in folder.glob("*.npy")}


def _mapped(path: Path) -> NDArray[Any]:
    """An array mapped into memory; a plain view, as the class memmap costs at every slice."""
    return np.asarray(np.load(path, mmap_mode="c" if path.stat().st_size > _SMALL else None))
