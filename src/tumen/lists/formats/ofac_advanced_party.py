"""One `<Profile>` of OFAC's advanced XML: its identities' names and documents, its features."""

from __future__ import annotations

from collections.abc import Iterator

from tumen.lists.formats.ofac_advanced_parts import References, read_period
from tumen.lists.formats.ofac_common import OfacEntryBuilder
from tumen.lists.formats.ofac_labels import Detail, add_detail
from tumen.lists.formats.ofac_parts import PartedName, add_parted_name
from tumen.lists.xml import Element, text_at

_ADDRESSES = frozenset({"Location", "Address"})


def read_party(builder: OfacEntryBuilder, profile: Element, references: References) -> None:
    """Take over what one profile states of a party."""
    for identity in profile.findall("Identity"):
        types = {
            group.get("ID", ""): references.text("NamePartType", group.get("NamePartTypeID", ""))
            for group in identity.iter("NamePartGroup")
        }
        is_main = identity.get("Primary", "true") == "true"
        for name in _names(identity, types, references, is_main=is_main):
            add_parted_name(builder, name)
        for document in references.documents.get(identity.get("ID", ""), ()):
            if not add_detail(builder, document):
                builder.add_unknown(document.label, document.raw)
    for feature in profile.findall("Feature"):
        _read_feature(builder, feature, references)


def _names(
    identity: Element, types: dict[str, str], references: References, *, is_main: bool
) -> Iterator[PartedName]:
    for alias in identity.findall("Alias"):
        for name in alias.findall("DocumentedName"):
            values = name.findall("DocumentedNamePart/NamePartValue")
            parts = [
                (types.get(one.get("NamePartGroupID", ""), ""), text_at(one)) for one in values
            ]
            scripts = [references.text("Script", one.get("ScriptID", "")) for one in values]
            yield PartedName(
                parts,
                references.text("AliasType", alias.get("AliasTypeID", "")),
                is_main and alias.get("Primary") == "true",
                alias.get("LowQuality") == "true",
                scripts[0] if scripts else "",
            )


def _read_feature(builder: OfacEntryBuilder, feature: Element, references: References) -> None:
    label = references.text("FeatureType", feature.get("FeatureTypeID", "")).replace("’", "'")
    for version in feature.findall("FeatureVersion"):
        location = version.find("VersionLocation")
        place = (
            references.locations.get(location.get("LocationID", ""))
            if (location is not None)
            else None
        )
        if place is not None and label in _ADDRESSES:
            builder.add_postal_address(place.parts, place.country, label)
            continue
        value = _value(version, references) or (str(place) if place is not None else "")
        if value and not add_detail(builder, Detail(label, value)):
            builder.add_unknown(label, value)
        if comment := text_at(version, "Comment"):
            builder.add("notes", f"{label} {value} {comment}", label)


def _value(version: Element, references: References) -> str:
    """A period of days, a text, or the text of a reference value."""
    period = read_period(version.find("DatePeriod"))
    details = version.findall("VersionDetail")
    texts = [
        text_at(detail) or references.text("DetailReference", detail.get("DetailReferenceID", ""))
        for detail in details
    ]
    return period or ", ".join(text for text in texts if text)
