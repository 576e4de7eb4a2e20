"""From a published or typed name to plain words: ASCII, lower-case, letters and digits.

Undoes what hides a name from a plain comparison: invisible characters, look-alike letters of
another script, several ways to write an apostrophe; in names of people also letters spaced out
and digits in place of letters. Other scripts become Latin by the rules of their culture.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from anyascii import anyascii

from tumen.names import arabic, chinese, korean, slavic

# Cyrillic and Greek letters that look like a Latin one (Unicode confusables, single letters).
_LOOKALIKES = str.maketrans(
    "аеорсхуіѕјһԁԛԝвкмнтАЕОРСХУІЅЈНВКМТΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανυ",
    "aeopcxyisjhdqwbkmhtAEOPCXYISJHBKMTABEZHIKMNOPTYXoavu",
)
_TO_CYRILLIC = str.maketrans("aeopcxyikmtbhAEOPCXYKMTBH", "аеорсхуікмтвнАЕОРСХУКМТВН")
_APOSTROPHES = "'’‘ʼ`´ʹʻʿʾ′‛ˈ＇"
_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]")
# 'Myo' ng-ch'o' l': an apostrophe that a publisher's line break tore from its syllable.
_TORN = re.compile(rf"(?<=[a-z])[{_APOSTROPHES}] (?!(?:a[dlnrstz]|[eu]l)\b)(?=[a-z]{{1,2}}\b)")
# Invisible signs, and symbols (an emoji would become a word of its description).
_UNSEEN = frozenset({"Cf", "Cc", "So", "Sk"})
_SEPARATORS = re.compile(r"[^a-z0-9]+")
_LEET = str.maketrans("01345789@$!|", "oleastbgasil")
_IN_WORD_SIGN = re.compile(r"(?<=[a-zA-Z])[@$!|](?=[a-zA-Z])")


@lru_cache(maxsize=65_536)
def words_of(text: str) -> tuple[str, ...]:
    """The plain words of a name, in the order written; empty where nothing is left.

    Digits stay digits: see `unleet` for names of people, which have none.
    """
    if not text.isascii():
        text = _to_latin(text)
    text = _IN_WORD_SIGN.sub(lambda found: found.group().translate(_LEET), text)
    text = _TORN.sub("", text)
    text = _APOSTROPHE.sub("", text)
    return tuple(_SEPARATORS.sub(" ", text.lower()).split())


def unleet(word: str) -> str:
    """`k1m` → `klm`, `s3rgey` → `sergey`: digits that stand for letters inside a word."""
    if word.isalpha() or word.isdigit():
        return word
    return word.translate(_LEET)


def _to_latin(text: str) -> str:
    # Before NFKC, which makes a space and a combining mark of some of them.
    text = unicodedata.normalize("NFKC", _APOSTROPHE.sub("'", text))
    text = "".join(c for c in text if unicodedata.category(c) not in _UNSEEN or c in "\t\n")
    text = _unmask(text)
    for has_script, transliterate in _TRANSLITERATIONS:
        if has_script.search(text):
            text = transliterate(text)
    return text if text.isascii() else anyascii(text)


_TRANSLITERATIONS: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (re.compile("[\u0400-\u052f]"), slavic.transliterate),
    (re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufeff]"), arabic.transliterate),
    (re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]"), korean.transliterate),
    (re.compile("[\u3400-\u9fff]"), chinese.transliterate),
)
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_MASKING = re.compile("[\u0370-\u052f]")


def _unmask(text: str) -> str:
    """Fold look-alike letters in a name that mixes Latin with Cyrillic or Greek."""
    if not (_LATIN.search(text) and _MASKING.search(text)):
        return text
    return " ".join(_unmask_word(word) for word in text.split(" "))


def _unmask_word(word: str) -> str:
    folded = word.translate(_LOOKALIKES)
    if not _MASKING.search(folded):
        return folded
    # Letters that have no Latin twin: the word is Cyrillic, and the Latin ones are the guests.
    if _LATIN.search(word):
        return word.translate(_TO_CYRILLIC)
    return word


def join_spaced(words: tuple[str, ...]) -> tuple[str, ...]:
    """`v l a d i m i r putin` → `vladimir putin`; three initials in a row are left alone."""
    if sum(len(word) == 1 for word in words) < 4:
        return words
    joined: list[str] = []
    run: list[str] = []
    for word in (*words, ""):
        if len(word) == 1 and word.isalpha():
            run.append(word)
            continue
        joined.extend(["".join(run)] if len(run) >= 4 else run)
        run = []
        if word:
            joined.append(word)
    return tuple(joined)
