"""One field on both sides: which values met, and in a word what it comes to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

# As `matching/words.py` and `matching/features.py` say it.
_NAME_AGREES = ("same ", "a Korean name and the Chinese reading")
_NEARLY = ("in part", "are close", "differ in one part", "swapped")


class Agreement(StrEnum):
    """How two sides of a field stand to each other, in words; `sign` says it at a glance."""

    AGREES = "agrees"
    SIMILAR = "similar"
    DIFFERS = "differs"
    ONLY_LEFT = "only left"
    ONLY_RIGHT = "only right"

    @property
    def sign(self) -> str:
        """A sign, so that colour is never alone."""
        return {"agrees": "=", "similar": "≈", "differs": "≠"}.get(self.value, "–")

    @property
    def tone(self) -> str:
        """The class of the stylesheet."""
        return {"agrees": "good", "similar": "info", "differs": "warn"}.get(self.value, "")


@dataclass(frozen=True, slots=True)
class SideValue:
    """One value of a side: its text, what kind it is (`alias`), and whether the other has it."""

    text: str
    kind: str = ""
    is_met: bool = False


@dataclass(frozen=True, slots=True)
class SideRow:
    """One field on both sides. `effect` is what it did to the score, None where it plays no part.

    `text` is the clause of the sentence that speaks of it.
    """

    label: str
    left: tuple[SideValue, ...]
    right: tuple[SideValue, ...]
    verdict: Agreement
    text: str = ""
    effect: float | None = None


def compare_values(
    label: str,
    left: tuple[SideValue, ...],
    right: tuple[SideValue, ...],
    form: Callable[[str], str],
    reason: Mapping[str, Any] | None = None,
) -> SideRow:
    """A row whose values are the same where their `form` is; what a reason says goes before."""
    if reason is not None:
        # A value that is known from the reason alone: the side itself is no longer there.
        left = left or (SideValue(str(reason["left"])),)
        right = right or (SideValue(str(reason["right"])),)
    shared = {form(one.text) for one in left} & {form(one.text) for one in right} - {""}
    if reason is None:
        verdict = _plain_verdict(left, right, is_shared=bool(shared))
        return SideRow(label, _marked(left, shared, form), _marked(right, shared, form), verdict)
    verdict = _verdict_of(reason)
    met = shared if verdict is Agreement.DIFFERS else {*shared, *_met(reason, form)}
    return SideRow(
        label,
        _marked(left, met, form),
        _marked(right, met, form),
        verdict,
        str(reason["text"]),
        float(reason["effect"]),
    )


def _met(reason: Mapping[str, Any], form: Callable[[str], str]) -> set[str]:
    return {form(str(reason[side])) for side in ("left", "right")} - {""}


def _marked(
    values: tuple[SideValue, ...], met: set[str], form: Callable[[str], str]
) -> tuple[SideValue, ...]:
    """The values that met before the others."""
    marked = [SideValue(one.text, one.kind, form(one.text) in met) for one in values]
    return tuple(sorted(marked, key=lambda one: not one.is_met))


def _plain_verdict(
    left: tuple[SideValue, ...], right: tuple[SideValue, ...], *, is_shared: bool
) -> Agreement:
    if not left or not right:
        return Agreement.ONLY_LEFT if left else Agreement.ONLY_RIGHT
    return Agreement.AGREES if is_shared else Agreement.DIFFERS


def _verdict_of(reason: Mapping[str, Any]) -> Agreement:
    text, effect = str(reason["text"]), float(reason["effect"])
    if reason["feature"] == "name":
        if text.startswith("different names"):
            return Agreement.DIFFERS
        head = text.partition(":")[0]
        is_same = head.startswith(_NAME_AGREES) and not head.endswith("in part")
        return Agreement.AGREES if is_same else Agreement.SIMILAR
    if reason["feature"] == "birth_date" and text.endswith(_NEARLY):
        return Agreement.SIMILAR
    return Agreement.AGREES if effect > 0 else Agreement.DIFFERS
