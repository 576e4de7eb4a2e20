"""The words of the vocabulary fit the vocabulary itself."""

from __future__ import annotations

import pytest

from tumen.model.entity import schemata
from tumen.model.vocabulary import (
    find_property,
    owned_properties,
    risk_topics,
    schema_words,
    topic_label,
    value_label,
)


@pytest.mark.parametrize("schema", sorted(schemata()))
def test_every_schema_and_property_has_its_words(schema: str) -> None:
    """Both files are of one version: nothing that can be stored lacks its words."""
    assert schema_words(schema).plural
    assert len(owned_properties(schema)) == len(schemata()[schema].properties)
    assert all(one in schemata()[schema].properties for one in schema_words(schema).featured)


def test_a_property_is_named_by_the_schema_that_defines_it() -> None:
    """`Person:name` is understood, and means `Thing:name`."""
    found = find_property("Person:name")
    assert found is not None
    assert found.qualified_name == "Thing:name"
    assert find_property("Person:birthDate").qualified_name == "Person:birthDate"  # type: ignore[union-attr]


@pytest.mark.parametrize("text", ["", ":", "name", "Person:", "Person:wings", "Nobody:name"])
def test_what_names_no_property_is_none(text: str) -> None:
    """A property that does not exist is told by None, for the caller to report."""
    assert find_property(text) is None


def test_hidden_properties_are_marked() -> None:
    """What concerns machines only is not offered to people."""
    hidden = {one.spec.name for one in owned_properties("Document") if one.is_hidden}
    assert "detectedLanguage" in hidden
    assert "title" not in hidden


def test_values_are_read_as_people_read_them() -> None:
    """Countries and topics have labels; what is unknown stays itself."""
    assert value_label("country", "ru") == "Russia"
    assert value_label("topic", "role.pep") == "PEP"
    assert value_label("name", "ru") == "ru"
    assert topic_label("no.such") == "no.such"
    assert "sanction" in risk_topics()
    assert "role.judge" not in risk_topics()
