"""Says in plain words how two names met."""

from __future__ import annotations

from tumen.matching.names import NameMatch
from tumen.names.clean import words_of
from tumen.names.cultures import ARABIC, CHINESE, KOREAN, LATIN, OBJECT, ORGANISATION, SINO, SLAVIC

_ROMANISED = frozenset({KOREAN, CHINESE, SLAVIC, ARABIC})


def name_text(left: str, right: str, match: NameMatch) -> str:
    """One clause for the sentence of a hit, with both names as written."""
    return f"{_headline(left, right, match)}: '{left}' and '{right}'{_rest(match)}"


def _headline(left: str, right: str, match: NameMatch) -> str:
    if left.casefold() == right.casefold():
        return "same name"
    if match.how == "squashed":
        return "same name divided otherwise" if match.score > 0.96 else "nearly the same letters"
    if match.how == "cut":
        return "one name is the other cut short"
    ours, theirs = words_of(left), words_of(right)
    if sorted(ours) == sorted(theirs):
        return "same words" if ours == theirs else "same words in another order"
    alignment = match.alignment
    if not alignment.pairs:
        return "different names"
    is_whole = not alignment.left_rest and not alignment.right_rest
    least = min((pair.similarity for pair in alignment.pairs), default=0.0)
    if match.culture == SINO:
        return "a Korean name and the Chinese reading of its characters"
    if match.culture in _ROMANISED and least >= 0.9:
        kind = "same name in another romanisation"
        return kind if is_whole else f"{kind}, in part"
    if match.culture in (ORGANISATION, OBJECT, LATIN) and least >= 0.98:
        return "same words" if is_whole else "same words in part"
    return "similar name" if is_whole else "similar name in part"


def _rest(match: NameMatch) -> str:
    """The words that only one side has, and the pairs that are alike but not the same."""
    if match.how != "words" or match.culture == SINO:
        return ""
    clauses = []
    unlike = [
        f"{_join(match.left.words, pair.left)} ~ {_join(match.right.words, pair.right)}"
        for pair in match.alignment.pairs
        if pair.similarity < 0.9
    ]
    if unlike:
        clauses.append(f"alike: {', '.join(unlike)}")
    for side, rest, words in (
        ("first", match.alignment.left_rest, match.left.words),
        ("second", match.alignment.right_rest, match.right.words),
    ):
        if rest:
            clauses.append(f"only in the {side}: {_join(words, rest)}")
    return f" ({'; '.join(clauses)})" if clauses else ""


def _join(words: tuple[str, ...], places: tuple[int, ...]) -> str:
    return " ".join(words[place] for place in places)
