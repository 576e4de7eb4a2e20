"""The manifest: what a reconciliation service offers, told to a client that knows its address."""

from __future__ import annotations

from collections.abc import Iterable

from tumen.model.entity import schemata
from tumen.service.reconciliation.query import entity_type
from tumen.service.reconciliation.shapes import (
    Extend,
    Manifest,
    Preview,
    Rendering,
    Setting,
    SettingChoice,
    Suggest,
    SuggestPlace,
    View,
)

# Entities of all services that speak FollowTheMoney share its types, and the ids that they
# took from the same lists.
_SPACE = "https://www.opensanctions.org/reference/#schema"
# How many queries a client should send at once; more are answered, too.
BATCH_SIZE = 3

_SETTINGS = [
    Setting(
        name="limit",
        label="Limit",
        type="number",
        default=0,
        help_text="Maximum number of values to return per row (0 for no limit).",
    ),
    Setting(
        name="render",
        label="Value rendering",
        type="select",
        default=Rendering.CAPTION.value,
        help_text="Return readable value (e.g. 'Russia') instead of raw value ('ru').",
        choices=[
            SettingChoice(id=Rendering.CAPTION.value, name="User-readable value"),
            SettingChoice(id=Rendering.RAW.value, name="Machine-readable value"),
        ],
    ),
]


def manifest(
    *, base_url: str, dataset: str, title: str, query_string: str, present: Iterable[str]
) -> Manifest:
    """The manifest of one dataset.

    `base_url` is the service's own address as the client reached it, `query_string` what came
    with the request: it goes on to every place, so that an API key in it survives. `present`
    are the schemata of the entities there are.
    """
    service_url = f"{base_url.rstrip('/')}/reconcile/{dataset}"
    tail = f"?{query_string}" if query_string else ""

    def place(path: str) -> SuggestPlace:
        return SuggestPlace(service_url=service_url, service_path=f"{path}{tail}")

    page = f"{service_url}/preview/{{{{id}}}}{tail}"
    return Manifest(
        versions=["0.2"],
        name=f"{title} (tumen)",
        identifierSpace=_SPACE,
        schemaSpace=_SPACE,
        documentation=base_url,
        batchSize=BATCH_SIZE,
        view=View(url=page),
        preview=Preview(url=page, width=430, height=600),
        suggest=Suggest(
            entity=place("/suggest/entity"),
            type=place("/suggest/type"),
            property=place("/suggest/property"),
        ),
        extend=Extend(propose_properties=place("/extend/property"), propose_settings=_SETTINGS),
        defaultTypes=[entity_type(schema) for schema in matchable_schemata(present)],
    )


def matchable_schemata(present: Iterable[str]) -> list[str]:
    """The schemata that can be asked for where entities of `present` are: these, and above them.

    Sorted by name; those that are never screened (`Address` of an entity, `Sanction`) are left
    out unless something screened is one of them.
    """
    known = schemata()
    found = {
        ancestor
        for name in present
        if name in known and known[name].is_matchable
        for ancestor in known[name].ancestors
    }
    return sorted(found)
