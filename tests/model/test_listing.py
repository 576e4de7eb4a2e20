"""List entries survive the way into the store and back."""

from tumen.model.entity import Entity
from tumen.model.listing import (
    Designation,
    Link,
    ListedName,
    ListEntry,
    NameKind,
    NameQuality,
    SourceField,
    entry_from_dict,
    entry_to_dict,
)


def test_entry_survives_storing_with_every_field() -> None:
    """Whatever a reader found comes back from the store unchanged."""
    entry = ListEntry(
        Entity("xx_list:1", "Person", {"name": ("No Such",), "birthDate": ("1958/1960",)}),
        (ListedName("No Such", NameKind.ALIAS, NameQuality.WEAK, "Latn", "eng"),),
        (Designation("Authority", "PRG", "Act 1", "2024-02-01", measures=("freeze", "travel")),),
        (Link("Family", "xx_list:2", "Other", "brother", True),),
        remarks="whole text",
        file="list.xml",
        locator="entry[1]",
        fields=(SourceField("birthDate", "1958/1960", "dob", "1958 to 1960"),),
    )
    assert entry_from_dict(entry_to_dict(entry)) == entry


def test_designation_without_programme_survives_storing() -> None:
    """A list that names no programme (Interpol, a PEP list) can be read back from the store."""
    entry = ListEntry(
        Entity("xx_list:1", "Person", {"name": ("No Such",)}),
        (ListedName("No Such"),),
        (Designation("", "", reason="wanted"),),
    )
    assert entry_from_dict(entry_to_dict(entry)) == entry
