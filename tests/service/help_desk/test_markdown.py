"""Markdown of briefings: what comes out can do nothing, whatever goes in."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html

from tumen.service.help_desk.markdown import markup

_PLAIN = """
    p br hr h2 h3 h4 h5 h6 ul li table thead tbody tr td em strong s blockquote pre div
"""
_ALLOWED = {
    **{tag: frozenset[str]() for tag in _PLAIN.split()},
    "a": frozenset({"href", "rel", "title"}),
    "th": frozenset({"scope"}),
    "ol": frozenset({"start"}),
    "code": frozenset({"class"}),
}
_NASTY = st.sampled_from(
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "<svg/onload=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](java\nscript:alert(1))",
        "[a](&#106;avascript:alert(1))",
        "[a](\x01javascript:alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "[a](vbscript:x)",
        "[a](//evil.example)",
        "[a](/desk/users)",
        "![a](https://evil.example/pixel.png)",
        "![a][r]",
        "[r]: javascript:alert(1)",
        '[a](https://good.example "x\\" onclick=\\"alert(1)")',
        "<https://good.example/?q=<b>>",
        "<javascript:alert(1)>",
        "```html onclick=x\n<b>\n```",
        "|a|b|\n|:-:|--:|\n|<b onclick=x>|`</code><script>`|\n",
        '# " onmouseover=alert(1)',
        "&lt;script&gt;",
        "<!-- --><style>*{}</style>",
        "<a href='javascript:x'>y</a>",
        "\n",
        "> ",
        "- ",
        "    ",
        "*",
        "`",
    ]
)


@given(st.lists(st.one_of(_NASTY, st.text(max_size=12)), max_size=12).map("".join))
@example("[a](javascript:alert(1))")
def test_nothing_that_acts_comes_through(text: str) -> None:
    """Only known tags with known attributes, and links that leave by http, https or mailto."""
    tree = html.fragment_fromstring(str(markup(text)), create_parent="div")
    for node in tree.iter():
        if node is tree:
            continue
        assert node.tag in _ALLOWED, node.tag
        assert set(node.attrib) <= _ALLOWED[str(node.tag)]
        if "href" in node.attrib:
            assert node.attrib["href"].lower().startswith(("http://", "https://", "mailto:"))
            assert node.attrib["rel"] == "noopener noreferrer"


@given(st.text(max_size=200))
def test_any_text_can_be_shown(text: str) -> None:
    """No text breaks the page that shows it: its tags close in order."""
    from lxml import etree

    shown = str(markup(text)).replace("&", "&amp;")
    clean = "".join(one if one.isprintable() or one == "\n" else "?" for one in shown)
    etree.fromstring(f"<div>{clean}</div>")


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("# a\n\n## b\n\n# c", ["h2", "h3", "h2"]),
        ("### a\n\n# b\n\n###### c", ["h2", "h2", "h3"]),
        ("# a\n## b\n### c\n#### d\n##### e\n###### f", ["h2", "h3", "h4", "h5", "h6", "h6"]),
    ],
)
def test_headings_leave_no_level_out(text: str, tags: list[str]) -> None:
    """Screen readers jump by headings: a level that is missing looks like something lost."""
    tree = html.fragment_fromstring(str(markup(text)), create_parent="div")
    assert [node.tag for node in tree] == tags
    deeper = html.fragment_fromstring(str(markup("# a", top=3)), create_parent="div")
    assert [node.tag for node in deeper] == ["h3"]


def test_good_links_and_tables_come_through() -> None:
    """What writers need works: links, lists, tables with headers, without style attributes."""
    shown = str(markup("[n](https://un.example/1?a=1&b=2)\n\n|a|b|\n|:-:|--|\n|1|2|\n\n- one"))
    assert '<a href="https://un.example/1?a=1&amp;b=2" rel="noopener noreferrer">n</a>' in shown
    assert '<th scope="col">a</th>' in shown
    assert "style" not in shown
    assert "<li>one</li>" in shown
