"""The marked points of a run, in the order in which it passes them.

A run may be killed between any two of them: the next one loses nothing and repeats nothing.
The tests do so at every point.
"""

from __future__ import annotations

from collections.abc import Callable

Checkpoint = Callable[[str], None]


def pass_by(_point: str) -> None:
    """What a run does at a point: nothing."""
