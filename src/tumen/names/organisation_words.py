"""The words of an organisation's name put together again: initials, possessives, torn words.

Punctuation falls between a name's letters (`S.A.R.L.`, `Int'l`, `People's`); what it parted is
one word here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from tumen.names import legal_forms
from tumen.names.tables import Phrases, spellings, table

_GLUED_FORM = re.compile(r"([a-z]{4,})(gmbh|llc|ltd|ojsc|pjsc)")
CONJUNCTIONS = frozenset("yeiuavlso")


def join(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words with `and` and `the` left out, initials and torn words joined."""
    kept = [word for word in words if word not in dropped()]
    if len(kept) == 1:
        glued = _GLUED_FORM.fullmatch(kept[0])
        return glued.groups() if glued else tuple(kept)
    if any(len(word) == 1 for word in kept):
        kept = list(_whole_abbreviations(kept))
        kept = list(_join_initials(kept))
    return tuple(kept)


def _whole_abbreviations(words: list[str]) -> Iterator[str]:
    """`int l` (from `Int'l`) as one word, and a possessive `s` back at its word."""
    at = 0
    while at < len(words):
        torn = _torn().longest(words, at)
        follows_word = at > 0 and len(words[at - 1]) > 1
        if torn:
            word, at = torn
            yield word
        elif words[at + 1 : at + 2] == ["s"] and len(words[at]) > 2 and _is_possessive(words, at):
            yield words[at] + "s"
            at += 2
        elif words[at] in CONJUNCTIONS and follows_word and _is_between_words(words, at):
            # `Importaciones y Exportaciones`: a conjunction, not an initial.
            at += 1
        else:
            yield words[at]
            at += 1


def _is_possessive(words: list[str], at: int) -> bool:
    """`people s bank`, but not `s a` and not the Russian `obshchestvo s ogranichennoy ...`."""
    after = words[at + 2 : at + 3]
    form = legal_forms.forms().longest(words, at)
    return (not after or len(after[0]) > 1) and (form is None or form[1] <= at + 1)


def _is_between_words(words: list[str], at: int) -> bool:
    return words[at] in "yeiu" and at + 1 < len(words) and len(words[at + 1]) > 1


def _join_initials(words: list[str]) -> Iterator[str]:
    """`j p morgan` → `jp morgan`; a legal form at the end stays apart (`fund v l p`)."""
    run: list[str] = []
    for at, word in enumerate(words):
        if len(word) == 1 and word.isalpha():
            run.append(word)
            continue
        yield from _split_run("".join(run), is_last=False)
        run = []
        # `sp z o o`, `s a r l`: what follows may be part of the same form.
        yield words[at]
    yield from _split_run("".join(run), is_last=True)


def _split_run(run: str, *, is_last: bool) -> Iterator[str]:
    if is_last and run not in _single_forms():
        for length in range(min(len(run) - 1, 5), 1, -1):
            if run[-length:] in _single_forms():
                yield from (run[:-length], run[-length:])
                return
    if run:
        yield run


@cache
def word_set(section: str) -> frozenset[str]:
    """One of the flat sections of `generic_words.yml` (`hollow`, `stopwords`, `dropped`)."""
    return frozenset(words[0] for words in spellings(table("generic_words")[section]))


def dropped() -> frozenset[str]:
    """Words that are no words of a name (`and`, `the`)."""
    return word_set("dropped")


@cache
def _torn() -> Phrases[str]:
    return Phrases(
        (words, concept)
        for concept, listed in table("abbreviations").items()
        for words in spellings(listed)
        if len(words) > 1
    )


@cache
def _single_forms() -> frozenset[str]:
    return frozenset(legal_forms.groups()) | {"spzoo", "zoo"}
