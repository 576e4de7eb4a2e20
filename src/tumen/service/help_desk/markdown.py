"""Markdown of briefings as HTML. The only place where what somebody wrote becomes markup.

HTML in the text stays text, links lead to http, https and mailto alone, nothing is loaded from
anywhere. Headings are set under those of the page, without a level left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_SCHEMES = ("http://", "https://", "mailto:")
_DEEPEST = 6


def markup(text: str, *, top: int = 2) -> Markup:
    """The text as HTML that is safe to show; its first headings are of the level `top`."""
    reader = _reader()
    tokens = reader.parse(text)
    _place_headings(tokens, top)
    for token in tokens:
        _dress(token)
    return Markup(reader.renderer.render(tokens, reader.options, {}))


class _Reader(MarkdownIt):
    """Reads Markdown, and makes links only of what may be one."""

    def validateLink(self, url: str) -> bool:
        plain = url.strip().casefold()
        return plain.startswith(_SCHEMES) and plain.isprintable()


@cache
def _reader() -> MarkdownIt:
    reader = _Reader("js-default", {"html": False, "linkify": False, "typographer": False})
    return reader.disable("image")


def _place_headings(tokens: Sequence[Token], top: int) -> None:
    """Number headings by their depth: whoever begins with `###` has no level left out."""
    above = list[int]()
    tag = ""
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1:])
            while above and above[-1] >= level:
                above.pop()
            tag = f"h{min(top + len(above), _DEEPEST)}"
            above.append(level)
            token.tag = tag
        elif token.type == "heading_close":
            token.tag = tag


def _dress(token: Token) -> None:
    # The policy of the pages forbids style attributes, which aligned columns would have.
    token.attrs.pop("style", None)
    if token.type == "th_open":
        token.attrSet("scope", "col")
    if token.type == "link_open":
        token.attrSet("rel", "noopener noreferrer")
    for child in token.children or ():
        _dress(child)
