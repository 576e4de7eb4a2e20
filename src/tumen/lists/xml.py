"""Safe XML for all list readers: no entities, no network, bounded depth and size.

Lists are fetched from the internet and dropped in by hand, so their XML is not trusted:
a document that declares entities is refused whole, whatever they would expand to.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Literal, cast

from lxml import etree

from tumen.errors import SourceError
from tumen.lists.reader import SourceFile

Element = etree._Element

MAX_BYTES = 1 << 30
MAX_DEPTH = 100
MAX_TEXT = 10_000_000  # what libxml2 itself refuses without `huge_tree`

_CHUNK = 1 << 20
_MEND = "Download it again"
# One set of options for whole and for streamed documents, so that neither is less safe.
_SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
    "collect_ids": False,
}


def parse_xml(file: SourceFile) -> Element:
    """The root element of `file`; for documents of up to some ten megabytes.

    Raises SourceError with file, line and column for damaged, oversized or unsafe XML.
    """
    _refuse_unsafe_prolog(file)
    parser = etree.XMLParser(**_SAFE)
    try:
        root = etree.fromstring(file.data, parser)
    except etree.XMLSyntaxError as error:
        raise _damaged(file, error) from error
    _refuse_deep(file, root)
    return root


def iter_xml(file: SourceFile, *tags: str) -> Iterator[Element]:
    """Each element with one of these local names, whole, in the order of the file.

    An element is emptied when the next is asked for, so memory stays small; take what you
    need before that. Raises SourceError as `parse_xml` does, also in the middle of a file.
    """
    _refuse_unsafe_prolog(file)
    parser = _pull_parser("end", *tags)
    for start in range(0, len(file.data), _CHUNK):
        try:
            parser.feed(file.data[start : start + _CHUNK])
        except etree.XMLSyntaxError as error:
            raise _damaged(file, error) from error
        yield from _drain(file, parser)
    try:
        root = parser.close()
    except etree.XMLSyntaxError as error:
        raise _damaged(file, error) from error
    _refuse_deep(file, root)
    yield from _drain(file, parser)


def strip_namespaces(root: Element) -> Element:
    """The same element, every tag and attribute below it renamed to its local name, in place."""
    for element in root.iter("{*}*"):
        element.tag = local_name(element)
        for name in [key for key in element.attrib if "}" in str(key)]:
            element.attrib[str(name).rpartition("}")[2]] = element.attrib.pop(name)
    etree.cleanup_namespaces(root)
    return root


def local_name(element: Element) -> str:
    """The tag without its namespace."""
    return str(element.tag).rpartition("}")[2]


def text_at(element: Element, path: str = ".") -> str:
    """The text of the first element at `path`, white space collapsed; empty where none is."""
    found = element if path == "." else element.find(path)
    return " ".join((found.text or "").split()) if found is not None else ""


def _pull_parser(event: Literal["start", "end"], *tags: str) -> etree.XMLPullParser:
    return etree.XMLPullParser(
        events=(event,),
        tag=[f"{{*}}{tag}" for tag in tags] or None,
        **_SAFE,
    )


def _drain(file: SourceFile, parser: etree.XMLPullParser) -> Iterator[Element]:
    for element in _elements(parser):
        _refuse_deep(file, element)
        yield element
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]


def _elements(parser: etree.XMLPullParser) -> Iterator[Element]:
    # Start and end events always carry an element; the type stubs cannot know.
    return (cast(Element, element) for _event, element in parser.read_events())


def _refuse_unsafe_prolog(file: SourceFile) -> None:
    if len(file.data) > MAX_BYTES:
        problem = f"The file has {len(file.data):,} bytes, more than the {MAX_BYTES:,} we read"
        raise SourceError(problem, where=file.name, mend="Check that it is the right file")
    parser = _pull_parser("start")
    for start in range(0, len(file.data), 1 << 16):
        damage = None
        try:
            parser.feed(file.data[start : start + (1 << 16)])
        except etree.XMLSyntaxError as error:
            damage = error
        root = next(_elements(parser), None)
        if root is not None:
            _refuse_entities(file, root)
            return
        if damage is not None:
            raise _damaged(file, damage) from damage
    raise SourceError("No XML element in it", where=file.name, mend=_MEND)


def _refuse_entities(file: SourceFile, root: Element) -> None:
    doctype = cast(Any, root.getroottree().docinfo.internalDTD)  # richer than its stub
    if doctype is None:
        return
    if doctype.system_url or doctype.entities():
        raise SourceError(
            "The document declares entities or names an outside DTD, which no official list does",
            where=file.name,
            mend="Do not use this file; download the list from its authority",
        )


@cache
def _deeper_than(levels: int) -> etree.XPath:
    return etree.XPath("boolean(./" + "*/" * (levels - 1) + "*)")


def _refuse_deep(file: SourceFile, element: Element) -> None:
    level = 1 + sum(1 for _ in element.iterancestors())
    if level > MAX_DEPTH or _deeper_than(MAX_DEPTH + 1 - level)(element):
        raise _too_deep(file)


def _too_deep(file: SourceFile) -> SourceError:
    problem = f"Elements are nested deeper than {MAX_DEPTH}"
    return SourceError(problem, where=file.name, mend="Do not use this file; download it again")


def _damaged(file: SourceFile, error: etree.XMLSyntaxError) -> SourceError:
    line, column = error.position
    where = f"{file.name}, line {line}, column {column}"
    return SourceError(f"Damaged XML ({error.msg})", where=where, mend=_MEND)
