"""The invented list of the tests of lists, for the tests of the command line."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any


def _toy_list() -> Any:
    path = Path(__file__).parents[1] / "lists/toy_list.py"
    spec = spec_from_file_location("toy_list", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


toy = _toy_list()
