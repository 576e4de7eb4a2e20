"""Invented entries in every shape, for what must hold of all of them."""

from __future__ import annotations

from hypothesis import strategies as st

from tumen.model.entity import Entity
from tumen.model.listing import (
    Designation,
    Link,
    ListedName,
    ListEntry,
    NameKind,
    NameQuality,
    SourceField,
)

_WORDS = ("Kim", "KIM", "Kim  Invented", "Pak", "Pak-Trading", "Ри", "김")
_NUMBERS = ("123456", "123-456", "9179842", "IMO 9179842")
_DAYS = ("", "1965", "1965-03", "2017-01-02")


def entry(key: str = "1", schema: str = "Person", **properties: tuple[str, ...]) -> ListEntry:
    """An invented entry whose names stand in the name slot too."""
    names = tuple(ListedName(name) for name in properties.get("name", ()))
    return ListEntry(Entity(f"toy:{key}", schema, properties), names)


@st.composite
def entries(draw: st.DrawFn, keys: str = "abcd") -> list[ListEntry]:
    """Some invented entries, each with an id of its own."""
    chosen = draw(st.lists(st.sampled_from(keys), unique=True))
    return [draw(an_entry(key)) for key in chosen]


@st.composite
def an_entry(draw: st.DrawFn, key: str) -> ListEntry:
    """One invented entry of this id."""

    def some(values: tuple[str, ...], most: int = 2) -> tuple[str, ...]:
        return tuple(draw(st.lists(st.sampled_from(values), unique=True, max_size=most)))

    properties = {
        "name": some(_WORDS),
        "weakAlias": some(_WORDS, 1),
        "birthDate": some(_DAYS[1:]),
        "passportNumber": some(_NUMBERS),
        "country": some(("kp", "ru", "cn")),
        "publicKey": some(("0xABCDEF0123456789ABCDEF", "0xabcdef0123456789abcdef"), 1),
        "notes": some(("unread: x", "unread: y"), 1),
    }
    names = [
        ListedName(word, draw(st.sampled_from(NameKind)), draw(st.sampled_from(NameQuality)))
        for word in some(_WORDS)
    ]
    designations = [
        Designation(
            "Toy Authority",
            programme,
            draw(st.sampled_from(("", "Order 1", "Order 2"))),
            draw(st.sampled_from(_DAYS)),
            amended_on=draw(st.sampled_from(_DAYS)),
            reason=draw(st.sampled_from(("", "a reason"))),
            measures=some(("asset freeze", "travel ban")),
        )
        for programme in some(("DPRK", "RUSSIA", ""))
    ]
    links = [
        Link("Ownership", target, draw(st.sampled_from(_WORDS)), is_inverse=draw(st.booleans()))
        for target in some(("toy:a", "toy:b", "toy:x", ""))
    ]
    remarks = draw(st.sampled_from(("", "A remark.", "A  remark. ")))
    raw = draw(st.sampled_from(("", "Mar 1965")))
    return ListEntry(
        Entity(
            f"toy:{key}",
            draw(st.sampled_from(("Person", "Company"))),
            {name: values for name, values in properties.items() if values},
        ),
        tuple(names),
        tuple(designations),
        tuple(links),
        remarks,
        "toy.csv",
        f"row {draw(st.integers(1, 9))}",
        (SourceField("birthDate", "1965-03", "DOB", raw),),
    )
