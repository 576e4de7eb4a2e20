"""What a subject's word may mean among the listed ones, learnt at build time or on first sight."""

from __future__ import annotations

from typing import Any

import pytest

from tumen.matching.alike import WordIndex
from tumen.matching.build import IndexBuilder
from tumen.matching.rarity import Rarity
from tumen.matching.rough import Query, Row, rough_score
from tumen.names.cultures import LATIN
from tumen.names.name import NameOf, read_name

NAMES = [
    ("Vladimir Putin", NameOf.PERSON),
    ("Volodymyr Zhovnirchuk", NameOf.PERSON),
    ("Muhammad al-Zavodi", NameOf.PERSON),
    ("William Smith", NameOf.PERSON),
    ("Ri Yong Gil", NameOf.PERSON),
    ("Zavodnikov Star Trading LLC", NameOf.ORGANISATION),
]


@pytest.fixture(scope="module")
def arrays() -> dict[str, Any]:
    """The arrays of a small index."""
    builder = IndexBuilder()
    for number, (text, bearer) in enumerate(NAMES):
        for reading in read_name(text, bearer):
            builder.add(number, reading)
    return dict(builder.finish(Rarity({})))


def _alike(index: WordIndex, word: str) -> dict[str, float]:
    index.learn({(LATIN, word)})
    found = index.alike(LATIN, word)
    texts = ((index.word(number), similarity) for number, similarity in found.meaning.items())
    return {text: round(similarity, 4) for text, similarity in texts if text}


@pytest.mark.parametrize("word", ["vladimir", "putin", "muhammad", "william", "smith"])
def test_what_is_learnt_at_build_time_is_what_would_be_learnt_now(
    arrays: dict[str, Any], word: str
) -> None:
    """A snapshot answers alike whether it remembers a word or meets it for the first time."""
    fresh = {name: values for name, values in arrays.items() if not name.startswith("alike")}
    assert _alike(WordIndex(arrays), word) == _alike(WordIndex(fresh), word)


@pytest.mark.parametrize(
    ("word", "listed"),
    [
        ("vladimri", "vladimir"),
        ("vldmr", "vladimir"),
        ("bill", "william"),
        ("mohammad", "muhammad"),
        ("putin", "putin"),
    ],
)
def test_a_word_meets_the_listed_word_it_means(
    arrays: dict[str, Any], word: str, listed: str
) -> None:
    """Slips, dropped vowels, nicknames and spellings lead to the listed word."""
    assert listed in _alike(WordIndex(arrays), word)


def test_a_word_of_its_own_meets_nothing(arrays: dict[str, Any]) -> None:
    """An unlike word has no meaning among the listed ones."""
    assert _alike(WordIndex(arrays), "xyzzyx") == {}


# --- the rough score -----------------------------------------------------------------------------

TEXTS = ["ivan", "petrov", "sidorov", "ivanovich", "elsheikh", "jan", "vanderberg"]


def _rough(words: list[str], listed: list[str]) -> float:
    meanings = [{TEXTS.index(word): 1.0} if word in listed else {} for word in words]
    query = Query(words, [1.0] * len(words), meanings, 0.2)
    row = Row([TEXTS.index(word) for word in listed], [1.0] * len(listed))
    return rough_score(query, row, TEXTS.__getitem__)


def test_rough_score_orders_as_the_full_one_does() -> None:
    """Whole names above names in part, and those above names with a word against a word."""
    whole = _rough(["ivan", "petrov"], ["ivan", "petrov"])
    part = _rough(["ivan", "petrov"], ["ivan", "ivanovich", "petrov"])
    against = _rough(["ivan", "petrov"], ["ivan", "sidorov"])
    assert whole == pytest.approx(1.0)
    assert whole > part > 0.7 > 0.5 > against > 0.0


def test_one_common_word_of_a_longer_name_is_not_that_name() -> None:
    """A lone listed word (an alias "Ivan") does not propose every Ivan."""
    assert _rough(["ivan", "petrov", "sidorov"], ["ivan"]) < 0.48


@pytest.mark.parametrize(
    ("words", "listed"),
    [
        (["ivan", "el", "sheikh"], ["ivan", "elsheikh"]),
        (["janvanderberg"], ["jan", "vanderberg"]),
        (["vanderbergjan"], ["jan", "vanderberg"]),
    ],
)
def test_words_divided_otherwise_are_not_thrown_out(words: list[str], listed: list[str]) -> None:
    """What only a join brought up stays a candidate."""
    assert _rough(words, listed) >= 0.9
