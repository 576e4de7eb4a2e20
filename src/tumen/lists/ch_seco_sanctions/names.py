"""Names in SECO's XML: parts with a role each, and spelling variants of single parts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tumen.lists.name_text import script_of
from tumen.lists.xml import Element, text_at
from tumen.model.listing import ListedName, NameKind, NameQuality

# How a full name is put together; titles stay out of it.
_ORDER = (
    "given-name",
    "further-given-name",
    "father-name",
    "grand-father-name",
    "other",
    "whole-name",
    "tribal-name",
    "family-name",
    "maiden-name",
    "suffix",
)
_KINDS = {
    "primary-name": NameKind.PRIMARY,
    "alias": NameKind.ALIAS,
    "formerly-known-as": NameKind.FORMER,
    "former-name": NameKind.FORMER,
    "maiden-name": NameKind.FORMER,
}
_QUALITIES = {"good": NameQuality.STRONG, "low": NameQuality.WEAK}


@dataclass(frozen=True, slots=True)
class _Part:
    """One name part; `variants` maps (language, script) to its other spellings."""

    value: str
    variants: Mapping[tuple[str, str], Sequence[str]]


def read_name(name: Element, *, is_main: bool, unknown: Counter[str]) -> list[ListedName]:
    """The full names that one `<name>` states, the published spelling first.

    A primary name of an identity that is not the main one is an alias of the target.
    """
    kind = _KINDS.get(name.get("name-type", ""))
    if kind is None:
        unknown[f"name-type: {name.get('name-type', '')}"] += 1
        kind = NameKind.ALIAS
    if kind is NameKind.PRIMARY and not is_main:
        kind = NameKind.ALIAS
    quality = _QUALITIES.get(name.get("quality", ""), NameQuality.UNSTATED)
    parts = list(_parts(name, unknown))
    text = " ".join(part.value for part in parts)
    found = [ListedName(text, kind, quality, script_of(text), name.get("lang", ""))]
    kind = NameKind.ALIAS if kind is NameKind.PRIMARY else kind
    for (language, script), text in _spellings(parts):
        found.append(ListedName(text, kind, quality, script, language))
    return found


def part_values(name: Element, part_type: str) -> list[str]:
    """The values of all parts of one type, such as `title` or `family-name`."""
    parts = name.findall(f"name-part[@name-part-type='{part_type}']")
    return [value for part in parts if (value := text_at(part, "value"))]


def _parts(name: Element, unknown: Counter[str]) -> Iterator[_Part]:
    found: dict[str, list[_Part]] = defaultdict(list)
    for element in name.findall("name-part"):
        role = element.get("name-part-type", "")
        if role == "title":
            continue
        if role not in _ORDER:
            unknown[f"name-part-type: {role}"] += 1
        variants: dict[tuple[str, str], list[str]] = defaultdict(list)
        for variant in element.findall("spelling-variant"):
            key = (variant.get("lang", "").lower(), variant.get("script", "").capitalize())
            variants[key].append(text_at(variant))
        found[role if role in _ORDER else "other"].append(
            _Part(text_at(element, "value"), variants)
        )
    for role in _ORDER:
        yield from (part for part in found[role] if part.value)


def _spellings(parts: Sequence[_Part]) -> Iterator[tuple[tuple[str, str], str]]:
    """Full names in each language and script: the first variants together, then the second.

    Where a part lacks a variant, a Latin spelling takes the part as published; another script
    leaves it out, since half a name in one script and half in another matches nothing.
    """
    for key in dict.fromkeys(key for part in parts for key in part.variants):
        for number in range(max(len(part.variants.get(key, ())) for part in parts)):
            words = [_spelling(part, key, number) for part in parts]
            yield key, " ".join(word for word in words if word)


def _spelling(part: _Part, key: tuple[str, str], number: int) -> str:
    variants = part.variants.get(key, ())
    if variants:
        return variants[min(number, len(variants) - 1)]
    return part.value if key[1] in ("Latn", "") else ""
