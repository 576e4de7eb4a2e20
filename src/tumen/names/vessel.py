"""Names of vessels and aircraft: what belongs to them, their numbers, and when two words agree."""

from __future__ import annotations

import re
from functools import lru_cache

from tumen.names import numerals
from tumen.names.spelling import one_slip, same_spelling, slips

# What stands before a vessel's name and is no part of it; `m v` is `M/V` taken apart.
_PREFIXES = frozenset(
    {"mv", "mt", "ms", "ss", "fv", "my", "mts", "rv", "sv", "tss", "lng", "lpg", "mtv", "tb", "msv"}
    | {"vessel", "ship", "tanker", "tankers", "motorship", "steamship", "trawler", "tug", "barge"}
    | {"teplokhod", "tx", "sudno", "yacht", "the", "dcb", "tugboat", "buque", "motortanker"}
)
_SPLIT_PREFIXES = frozenset(
    {("m", "v"), ("m", "t"), ("s", "s"), ("f", "v"), ("m", "s"), ("m", "y"), ("s", "v"), ("t", "b")}
)
_FORMER = frozenset({"ex", "fka", "formerly", "former", "aka", "previously", "byvshiy"})
_FORMER_INITIALS = frozenset({("f", "k", "a"), ("a", "k", "a")})


def names(words: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The name a vessel bears now, then those it bore (`chon ma san ex sam jong 2`)."""
    found: list[list[str]] = [[]]
    at = 0
    while at < len(words):
        if words[at : at + 3] in _FORMER_INITIALS:
            found.append([])
            at += 3
            continue
        if words[at] in _FORMER and at > 0:
            found.append([])
        else:
            found[-1].append(words[at])
        at += 1
    return tuple(filter(None, (_read_one(tuple(name)) for name in found)))


@lru_cache(maxsize=65_536)
def read(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a vessel's present name: prefixes dropped, numerals in digits.

    `M/V Chol Bong III` is `chol bong 3`, and so is `Chol Bong No. 3`; `valfajr2` is two words.
    """
    found = names(words)
    return found[0] if found else words


def _read_one(words: tuple[str, ...]) -> tuple[str, ...]:
    words = _without_prefix(words)
    if len(words) == 2 and _is_tail(*words):
        return ("".join(words),)
    read_words: list[str] = []
    at = 0
    while at < len(words):
        number = numerals.read_at(words, at) if at > 0 or words[at].isdigit() else None
        if number and words[at] not in numerals.CARDINALS:
            read_words.append(number[0])
            at = number[1]
        else:
            read_words.extend(_unglued(words[at]))
            at += 1
    return tuple(read_words)


def _without_prefix(words: tuple[str, ...]) -> tuple[str, ...]:
    while len(words) > 1:
        if words[:2] in _SPLIT_PREFIXES and len(words) > 2:
            words = words[2:]
        elif words[0] in _PREFIXES:
            words = words[1:]
        else:
            break
    return words


_GLUED = re.compile(r"([a-z]{4,})0*(\d{1,4})")


def _unglued(word: str) -> tuple[str, ...]:
    found = _GLUED.fullmatch(word)
    return found.groups() if found else (word,)


def numbers(words: tuple[str, ...]) -> tuple[str, ...]:
    """The numbers in a vessel's name, already read: `chol bong 3` has 3."""
    return tuple(word for word in words if word.isdigit())


@lru_cache(maxsize=65_536)
def similarity(left: str, right: str) -> float:
    """How far two words of vessels' names are the same; below 0.6 another word.

    Short words and numbers are the same or not at all: fleets are named in series.
    """
    if left == right:
        return 1.0
    if not (left.isalpha() and right.isalpha()):
        return 0.95 if left.lstrip("0") == right.lstrip("0") else 0.0
    if len(left) == len(right) == 5 and left[:2] == right[:2] and left[:2] in _ALPHA_MARKS:
        return 0.0  # tail numbers: one letter apart is the next aircraft of the fleet
    same = same_spelling(left, right)
    if same:
        return same
    shorter, longer = sorted((len(left), len(right)))
    if shorter < 5 or longer - shorter > 2:
        return 0.0
    apart = slips(left, right)
    if apart == 1:
        return one_slip(left, right)
    if apart <= 2:
        return 0.8 if shorter > 9 else 0.7 if shorter > 7 else 0.4
    return max(0.0, 0.5 * (1 - apart / longer))


# Marks of fleets on the lists whose aircraft have three letters (EP-GOM).
_ALPHA_MARKS = frozenset({"ep", "yk", "yi", "ex", "ek", "ur", "up", "hz"})


# --- numbers -------------------------------------------------------------------------------

_IMO = re.compile(r"(?:IMO)?\D{0,3}(\d{7})")
# Nationality marks of aircraft that may start a tail number written without its hyphen.
_TAIL_MARKS = re.compile(
    r"(?:EP|EX|EK|YK|YI|RA|RF|RDPL|P|UR|UP|UK|EW|4L|4K|EY|EZ|ER|9H|OD|SU|JY|A6|A7|A9C|HZ|VP[A-Z]"
    r"|VQ[A-Z]|TC|AP|VT|B|HL|JA|9M|9V|HS|XU|XV|XY|PK|F|G|D|I|OE|HB|PH|OO|LX|CU|YV|HK|HP|C|N|M|T7"
    r"|ZS|5[ABHNRTVXY]|3[ACX]|6[OVY]|7[OPTQ]|9[GJKLNQSTUXY]|ST|TN|TR|TS|TT|TU|TY|TZ|XT)"
)


def imo_number(text: str) -> str | None:
    """The seven digits of an IMO number whose check digit is right, else None."""
    found = _IMO.fullmatch(text.strip().upper())
    if not found:
        return None
    digits = [int(digit) for digit in found[1]]
    total = sum(digit * factor for digit, factor in zip(digits, range(7, 1, -1), strict=False))
    return found[1] if total % 10 == digits[6] and found[1] != "0000000" else None


def _is_tail(mark: str, body: str) -> bool:
    """Whether two words are a tail number that lost its hyphen: `ep gom`, `ra 82010`."""
    if not _TAIL_MARKS.fullmatch(mark.upper()):
        return False
    if body.isdigit():
        return len(mark) == 2 and 3 <= len(body) <= 5
    return body.isalpha() and mark in _ALPHA_MARKS and len(body) == 3
