"""The query language of a search: words, phrases, fields, ranges, AND, OR, NOT; and its answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from tumen.errors import RequestError
from tumen.service.columns import Mask
from tumen.service.texts import Found, TextIndex
from tumen.service.wire import fold, words

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<sign>&&|\|\||[()+!-])
    | (?P<range>[\[{][^\[\]{}"]*?\sTO\s[^\[\]{}"]*?[\]}])
    | "(?P<phrase>(?:[^"\\]|\\.)*)"(?:~\d*)?(?:\^[\d.]+)?
    | (?P<regex>/(?:[^/\\]|\\.)+/)
    | (?P<field>[\w.*]+):
    | (?P<compare>[<>]=?)(?=[\w"])
    | (?P<word>(?:[^\s()\[\]{}"/:^~\\!+-]|\\.)(?:[^\s()\[\]{}"/:^~\\!]|\\.)*)
      (?:~(?P<near>\d{0,3}(?:\.\d{1,3})?))?(?:\^[\d.]+)?
    )""",
    re.VERBOSE,
)
_SIMPLE = re.compile(r'(?P<sign>[-+|]?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"|()]+))')
# A word that no text holds.
_NEVER = '"\ue001"'
# A query of a person's has far fewer; each part costs memory for every entity there is.
_MOST_PARTS, _DEEPEST = 200, 50
_BLANK = re.compile(r"\s*$")
# Slips that a word of so many letters may have where the query leaves it open.
_FREE_SLIPS = ((3, 0), (6, 1), (10_000, 2))
_NAMED = {"names": "names", "name": "names", "text": "texts"}


class SyntaxFault(RequestError):
    """A query that makes no sense."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One thing to look for, in a field or (empty) anywhere."""

    field: str
    kind: str
    text: str
    slips: int = 0


@dataclass(frozen=True, slots=True)
class Node:
    """Several parts joined by AND or OR, or one by NOT."""

    sign: str
    parts: tuple[Leaf | Node, ...]


Query = Leaf | Node
EVERYTHING = Leaf("", "all", "")


def parse(text: str, *, is_fuzzy: bool = False) -> Query:
    """The query in a text. Raises SyntaxFault where it makes no sense."""
    if not text.strip():
        return EVERYTHING
    return _bounded(_Parser(text, is_fuzzy).whole())


def parse_simple(text: str) -> Query:
    """The query in a search box: words, phrases, `|`, `-`; no sign in it is ever a fault."""
    alternatives: list[list[Query]] = [[]]
    for found in _SIMPLE.finditer(text):
        leaf = _simple_leaf(found)
        is_alternative = found["sign"] == "|" or text[: found.start()].rstrip().endswith("|")
        if is_alternative and alternatives[-1]:
            alternatives.append([])
        if leaf is not None:
            alternatives[-1].append(Node("NOT", (leaf,)) if found["sign"] == "-" else leaf)
    kept = [_joined("AND", parts) for parts in alternatives if parts]
    if not kept:
        return Leaf("", "none", "") if text.strip() else EVERYTHING
    return _bounded(_joined("OR", kept))


def _bounded(query: Query) -> Query:
    """The query itself. Raises SyntaxFault where it has more parts than anybody needs."""
    waiting, parts = [query], 0
    while waiting:
        one = waiting.pop()
        parts += 1
        if isinstance(one, Node):
            waiting += one.parts
    if parts > _MOST_PARTS:
        raise SyntaxFault(f"Search error: more than {_MOST_PARTS} parts in one query")
    return query


def _simple_leaf(found: re.Match[str]) -> Leaf | None:
    """A phrase, a word or the beginning of one; None for signs alone."""
    if found["phrase"] is not None:
        return Leaf("", "phrase", found["phrase"]) if words(found["phrase"]) else None
    word = re.sub(r"~\d*$", "", found["word"])
    if not words(word):
        return None
    return Leaf("", "prefix" if word.endswith("*") else "words", word)


def find(index: TextIndex, query: Query, size: int) -> Found:
    """What a query finds, with how well each entity fits."""
    if isinstance(query, Leaf):
        return _find_leaf(index, query, size)
    found = [find(index, part, size) for part in query.parts]
    if query.sign == "NOT":
        return Found(~found[0].mask, np.zeros(size, dtype=np.float32))
    join = np.logical_and if query.sign == "AND" else np.logical_or
    mask = join.reduce([one.mask for one in found])
    return Found(mask, np.where(mask, np.sum([one.scores for one in found], axis=0), 0))


class _Parser:
    """Reads alternatives of conjunctions of terms, from left to right."""

    def __init__(self, text: str, is_fuzzy: bool) -> None:
        self._text, self._place, self._is_fuzzy = text, 0, is_fuzzy
        self._depth = 0

    def whole(self) -> Query:
        query = self._alternatives("")
        if not self._at_end():
            raise self._fault()
        return query

    def _alternatives(self, field: str) -> Query:
        parts = [self._conjunction(field)]
        while self._take("OR", "||"):
            parts.append(self._conjunction(field))
        return _joined("OR", parts)

    def _conjunction(self, field: str) -> Query:
        parts = [self._term(field)]
        while True:
            if self._take("AND", "&&"):
                parts.append(self._term(field))
            elif self._at_end() or self._peek("OR", "||", ")"):
                return _joined("AND", parts)
            else:
                parts.append(self._term(field))

    def _term(self, field: str) -> Query:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise SyntaxFault("Search error: the query is nested too deeply")
        found = self._part(field)
        self._depth -= 1
        return found

    def _part(self, field: str) -> Query:
        if self._take("NOT", "!", "-"):
            return Node("NOT", (self._term(field),))
        self._take("+")
        if self._peek("AND", "OR", "&&", "||", ")"):
            raise self._fault()
        if self._take("("):
            inner = self._alternatives(field)
            if not self._take(")"):
                raise self._fault()
            return inner
        found = self._next()
        if found["field"] is not None:
            return self._term(found["field"])
        if found["compare"] is not None:
            value = self._next()
            text = value["word"] if value["word"] is not None else value["phrase"]
            if text is None:
                raise self._fault()
            return Leaf(field, found["compare"], _unescaped(text))
        return self._leaf(field, found)

    def _leaf(self, field: str, found: re.Match[str]) -> Leaf:
        if found["phrase"] is not None:
            return Leaf(field, "phrase", _unescaped(found["phrase"]))
        if found["range"] is not None:
            return Leaf(field, "range", found["range"])
        if found["word"] is None:
            raise SyntaxFault("Regular expressions are not searched for")
        word = found["word"]
        if found["near"] is not None:
            return Leaf(field, "near", _unescaped(word), self._slips(word, found["near"]))
        if word == "*":
            return Leaf(field, "exists" if field not in ("", "*") else "all", "")
        if re.search(r"(?<!\\)[*?]", word):
            return Leaf(field, "pattern", word)
        return Leaf(field, "words", _unescaped(word))

    def _slips(self, word: str, given: str) -> int:
        if given:
            return min(2, int(float(given)))
        if not self._is_fuzzy:
            return 0
        return next(slips for length, slips in _FREE_SLIPS if len(word) < length)

    def _next(self) -> re.Match[str]:
        found = _TOKEN.match(self._text, self._place)
        if found is None or found["sign"] is not None:
            raise self._fault()
        self._place = found.end()
        return found

    def _peek(self, *texts: str) -> bool:
        found = _TOKEN.match(self._text, self._place)
        return found is not None and _plain(found) in texts

    def _take(self, *texts: str) -> bool:
        found = _TOKEN.match(self._text, self._place)
        if found is None or _plain(found) not in texts:
            return False
        self._place = found.end()
        return True

    def _at_end(self) -> bool:
        return _BLANK.match(self._text, self._place) is not None

    def _fault(self) -> SyntaxFault:
        place = self._text[self._place :].strip()[:20] or "its end"
        return SyntaxFault(f"Search error: the query makes no sense at {place!r}")


def _plain(found: re.Match[str]) -> str:
    """The text of a sign or of a bare word."""
    return found["sign"] or (found["word"] or "" if found["near"] is None else "")


def _joined(sign: str, parts: list[Query]) -> Query:
    return parts[0] if len(parts) == 1 else Node(sign, tuple(parts))


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _find_leaf(index: TextIndex, leaf: Leaf, size: int) -> Found:
    if leaf.kind in ("all", "none"):
        return _certain(np.full(size, leaf.kind == "all"))
    if leaf.field in ("", "*", *_NAMED):
        return _find_words(index, leaf, size)
    return _certain(_find_value(index, leaf, size))


def _certain(mask: Mask) -> Found:
    return Found(mask, mask.astype(np.float32))


def _find_words(index: TextIndex, leaf: Leaf, size: int) -> Found:
    terms = _terms(index, leaf)
    if not terms:
        # Signs alone ask for nothing: they narrow no search.
        return _certain(np.full(size, leaf.kind in ("words", "phrase", "exists")))
    column = f"{{{_NAMED[leaf.field]}}} : " if leaf.field in _NAMED else ""
    return index.match(f"{column}({terms})")


def _terms(index: TextIndex, leaf: Leaf) -> str:
    parts = words(leaf.text)
    if leaf.kind == "phrase":
        return f'"{" ".join(parts)}"' if parts else ""
    if leaf.kind == "near":
        near = [one for part in parts for one in index.words_near(part, leaf.slips)]
        return " OR ".join(f'"{one}"' for one in near) or (_NEVER if parts else "")
    if leaf.kind == "prefix":
        return " AND ".join(f'"{one}"*' for one in parts)
    if leaf.kind == "pattern":
        pattern = fold(leaf.text)
        if re.fullmatch(r"\w+\*", pattern):
            return f'"{pattern[:-1]}"*'
        return " OR ".join(f'"{one}"' for one in index.words_like(pattern)) or _NEVER
    return " AND ".join(f'"{one}"' for one in parts)


def _find_value(index: TextIndex, leaf: Leaf, size: int) -> Mask:
    if leaf.field == "_exists_":
        return index.between(_known(index, _unescaped(leaf.text)), [])
    field = _known(index, leaf.field)
    if leaf.kind == "exists":
        return index.between(field, [])
    if leaf.kind == "range":
        return index.between(field, _bounds(leaf.text))
    if leaf.kind in ("<", "<=", ">", ">="):
        return index.between(field, [(leaf.kind, fold(leaf.text))])
    if leaf.kind == "pattern":
        return index.like(field, fold(leaf.text))
    exact = index.having(field, frozenset([leaf.text, fold(leaf.text)]))
    parts = words(leaf.text)
    if exact.any() or not parts:
        return exact
    # A text is kept by its words: all of them must stand in the field.
    found = np.logical_and.reduce([index.having(field, frozenset([part])) for part in parts])
    return np.asarray(found) if len(parts) else np.zeros(size, dtype=bool)


def _known(index: TextIndex, field: str) -> str:
    """The field meant: a property may go without `properties.` before it."""
    longer = f"properties.{field}"
    return longer if not index.has_field(field) and index.has_field(longer) else field


def _bounds(text: str) -> list[tuple[str, str]]:
    low, _, high = text[1:-1].partition(" TO ")
    bounds = []
    if low.strip() != "*":
        bounds.append((">=" if text[0] == "[" else ">", fold(low.strip())))
    if high.strip() != "*":
        bounds.append(("<=" if text[-1] == "]" else "<", fold(high.strip())))
    return bounds
