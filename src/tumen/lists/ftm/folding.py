"""Folds records that only say something of others into the entries that they belong to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from tumen.lists.entry import EntryBuilder
from tumen.lists.ftm.node import Node
from tumen.model.entity import schemata
from tumen.model.listing import Designation, Link

# Schema → the properties at its two ends, and the one that says in what role.
_EDGES: dict[str, tuple[str, str, str]] = {
    "Associate": ("person", "associate", "relationship"),
    "Debt": ("debtor", "creditor", ""),
    "Directorship": ("director", "organization", "role"),
    "Documentation": ("entity", "document", "role"),
    "Employment": ("employee", "employer", "role"),
    "Family": ("person", "relative", "relationship"),
    "Membership": ("member", "organization", "role"),
    "Occupancy": ("holder", "post", "status"),
    "Ownership": ("owner", "asset", "role"),
    "Payment": ("payer", "beneficiary", "purpose"),
    "ProjectParticipant": ("participant", "project", "role"),
    "Representation": ("agent", "client", "role"),
    "Succession": ("predecessor", "successor", "role"),
    "UnknownLink": ("subject", "object", "role"),
}
_HOLDERS = {"Sanction": "entity", "Identification": "holder", "Passport": "holder"}
# Properties of an entry itself that name another entity: the kind of link they make.
_POINTERS = {"owner": "Ownership", "operator": "UnknownLink", "parent": "UnknownLink"}
_ADDRESS = (
    ("postOfficeBox", "street", "street2", "postalCode", "city", "region", "state"),
    ("country", "remarks"),
)
_SANCTION_TEXTS = ("summary", "description", "status", "duration")


def is_folded(node: Node) -> bool:
    """Whether the record belongs to others rather than being an entry of its own."""
    return node.schema in _EDGES or node.schema in _HOLDERS or node.schema == "Address"


class Fold:
    """Puts folded records into entry builders, by entity id, and counts what finds no place."""

    def __init__(
        self, list_id: str, nodes: Mapping[str, Node], builders: Mapping[str, EntryBuilder]
    ) -> None:
        self.list_id, self.nodes, self.builders = list_id, nodes, builders

    def pointers(self, node: Node, builder: EntryBuilder, unknown: Counter[str]) -> None:
        """Addresses that an entry points to as text, other entities as links."""
        known = schemata()[node.schema].properties if node.schema in schemata() else {}
        for name, ids in node.properties.items():
            if name not in known or known[name].type != "entity":
                continue
            for other in ids:
                target = self.nodes.get(other)
                if name == "addressEntity" and target is not None:
                    builder.add("address", address_text(target), "addressEntity", raw=other)
                elif name == "addressEntity":
                    unknown[f"{node.schema}.addressEntity: not in the file"] += 1
                else:
                    kind = _POINTERS.get(name, "UnknownLink")
                    builder.link(self._link(kind, other, name, is_inverse=True))

    def record(self, node: Node, unknown: Counter[str]) -> None:
        """One folded record into all entries that it speaks of."""
        if node.schema == "Address":
            return
        if node.schema in _HOLDERS:
            holders = [
                self.builders[i] for i in node.get(_HOLDERS[node.schema]) if i in self.builders
            ]
            for builder in holders:
                add = _add_sanction if node.schema == "Sanction" else _add_document
                add(builder, node)
            if not holders:
                unknown[f"{node.schema}: its entity is not in the file"] += 1
            return
        self._edge(node, unknown)

    def _edge(self, node: Node, unknown: Counter[str]) -> None:
        start, end, role_name = _EDGES[node.schema]
        role = node.first(role_name) if role_name else ""
        placed = False
        for here, there, is_inverse in ((start, end, False), (end, start, True)):
            for source in node.get(here):
                for target in node.get(there):
                    if source in self.builders and source != target:
                        link = self._link(node.schema, target, role, is_inverse=is_inverse)
                        self.builders[source].link(link)
                        placed = True
        if not placed:
            unknown[f"{node.schema}: no end of it is in the file"] += 1

    def _link(self, kind: str, target: str, role: str, *, is_inverse: bool) -> Link:
        known = self.nodes.get(target)
        name = (known.caption or known.first("name")) if known else target
        target_id = f"{self.list_id}:{target}" if target in self.builders else ""
        return Link(kind, target_id, name, role, is_inverse)


def address_text(node: Node) -> str:
    """An address as one line: as published whole, else from its parts."""
    whole = node.first("full")
    parts = (node.first(name) for names in _ADDRESS for name in names)
    return whole or ", ".join(part for part in parts if part)


def unplaced_addresses(nodes: Iterable[Node]) -> int:
    """How many top records of schema Address no entry points to."""
    listed = list(nodes)
    pointed = {other for node in listed for other in node.get("addressEntity")}
    return sum(
        1
        for node in listed
        if node.is_top and node.schema == "Address" and node.node_id not in pointed
    )


def _add_sanction(builder: EntryBuilder, node: Node) -> None:
    builder.designate(
        Designation(
            authority=node.first("authority", "publisher"),
            programme=node.first("programId", "program"),
            legal_basis="; ".join(node.get("program")) if node.get("programId") else "",
            listed_on=node.first("listingDate", "startDate"),
            amended_on=node.first("modifiedAt"),
            ends_on=node.first("endDate"),
            reason="\n".join(node.get("reason")),
            measures=tuple(node.get("provisions")),
            reference=node.first("unscId", "authorityId", "recordId"),
            source_url=node.first("sourceUrl", "programUrl"),
        )
    )
    for name in _SANCTION_TEXTS:
        for text in node.get(name):
            builder.add_remark(f"Sanction {name}: {text}")


def _add_document(builder: EntryBuilder, node: Node) -> None:
    kind = node.first("type")
    is_passport = node.schema == "Passport" or "passport" in kind.casefold()
    raw = "; ".join(f"{name}: {', '.join(values)}" for name, values in node.properties.items())
    for number in dict.fromkeys([*node.get("number"), *node.get("passportNumber")]):
        builder.add("passportNumber" if is_passport else "idNumber", number, node.schema, raw=raw)
