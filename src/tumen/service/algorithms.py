"""The names under which peers ask for an algorithm, and what each of their features is of ours.

One engine answers under all of them: a client that names an old algorithm gets no worse answer.
Weights are kept: a feature that a client gives half its usual weight counts half.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tumen.errors import RequestError
from tumen.model.screening import Reason

BEST = "logic-v2"
DEFAULT = "best"


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature of the peer's API: what it is of ours, its usual weight, and what it says."""

    name: str
    of: str
    weight: float
    description: str


@dataclass(frozen=True, slots=True)
class Algorithm:
    """A name by which a client asks, with the features and settings that may be named with it."""

    name: str
    description: str
    features: tuple[Feature, ...]
    config: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def described(self) -> dict[str, Any]:
        """As the peer's catalogue of algorithms has it."""
        features = {
            one.name: {"description": one.description, "coefficient": one.weight, "url": _DOCS}
            for one in self.features
        }
        docs = {
            "name": self.name,
            "description": self.description,
            "config": {key: dict(values) for key, values in self.config.items()},
            "features": features,
        }
        return {
            "name": self.name,
            "description": self.description,
            "features": features,
            "docs": docs,
        }

    def factors(self, weights: Mapping[str, float]) -> dict[str, float]:
        """By our feature, the share of its usual effect that the weights leave it."""
        found: dict[str, float] = {}
        for ours in {one.of for one in self.features}:
            same = [one for one in self.features if one.of == ours]
            usual = max((abs(one.weight) for one in same), default=0.0)
            given = max(abs(weights.get(one.name, one.weight)) for one in same)
            if usual and given != usual:
                found[ours] = given / usual
        return found

    def feature_of(self, reason: Reason) -> str:
        """The name under which the peer's clients look for a reason of ours."""
        ours = kind_of(reason)
        return _peer_names(self.name).get(ours, ours)


def kind_of(reason: Reason) -> str:
    """The kind of a reason: its feature, with what it says where both ways have names."""
    if reason.feature == "identifier":
        kind = reason.text.partition(f" {reason.left}")[0]
        return f"identifier: {kind}" if f"identifier: {kind}" in _KINDS else "identifier"
    if reason.feature == "name":
        return "name: weak" if reason.text.endswith("(a weak alias)") else "name"
    if reason.feature == "birth_date" and reason.effect < 0:
        return (
            "birth_date: year differs"
            if reason.left[:4] != reason.right[:4]
            else ("birth_date: day differs")
        )
    if reason.feature in ("country", "nationality", "gender") and reason.effect < 0:
        return f"{_BROAD.get(reason.feature, reason.feature)}: differs"
    return reason.feature


def find_algorithm(name: str) -> Algorithm:
    """The algorithm of this name in any case. Raises RequestError where there is none."""
    plain = name.lower().strip()
    found = ALGORITHMS.get(BEST if plain == DEFAULT else plain)
    if found is None:
        raise RequestError(f"Invalid algorithm: {name}")
    return found


@cache
def _peer_names(algorithm: str) -> Mapping[str, str]:
    """Our kinds to the peer's names; of several for one kind the first stands."""
    found: dict[str, str] = {}
    for one in ALGORITHMS[algorithm].features:
        found.setdefault(one.of, one.name)
    return found


_DOCS = "/docs#algorithms"
_BROAD = {"nationality": "country"}
_NAME = "name"
_MISMATCH = "Both sides give one, and they differ."


def _identifiers(weight: float, *names: tuple[str, str, str]) -> tuple[Feature, ...]:
    return tuple(
        Feature(name, f"identifier: {kind}", weight, f"Both give the same {words}.")
        for name, kind, words in names
    )


_STRONG = (
    Feature("crypto_wallet_address", "identifier: wallet", 0.98, "Both give the same wallet."),
    *_identifiers(0.98, ("isin_security_match", "ISIN", "security number (ISIN)")),
    *_identifiers(
        0.95,
        ("lei_code_match", "LEI", "legal entity identifier"),
        ("ogrn_code_match", "OGRN", "Russian register number (OGRN)"),
        ("vessel_imo_mmsi_match", "IMO number", "number of a vessel (IMO or MMSI)"),
        ("inn_code_match", "INN", "Russian tax number (INN)"),
        ("bic_code_match", "BIC", "bank code (BIC)"),
    ),
)
_NEWER = _identifiers(
    0.95,
    ("uei_code_match", "UEI", "US entity identifier (UEI)"),
    ("npi_code_match", "NPI", "US health provider number"),
)
_OTHER = (
    Feature("identifier_match", "identifier", 0.85, "Both give the same number of a register."),
    Feature("weak_alias_match", "name: weak", 0.8, "A name agrees that its authority calls weak."),
)
_ADDRESSES = (Feature("address_entity_match", "address: entity", 0.98, "Two addresses are alike."),)


def _qualifiers(country: float, year: float, day: float, gender: float) -> tuple[Feature, ...]:
    return (
        Feature("country_mismatch", "country: differs", country, f"Countries. {_MISMATCH}"),
        Feature("dob_year_disjoint", "birth_date: year differs", year, f"Years. {_MISMATCH}"),
        Feature("dob_day_disjoint", "birth_date: day differs", day, f"Days. {_MISMATCH}"),
        Feature("gender_mismatch", "gender: differs", gender, f"Genders. {_MISMATCH}"),
    )


_REGISTERS = Feature(
    "orgid_disjoint", "identifier: differs", -0.2, f"Numbers of registers. {_MISMATCH}"
)


def _setting(kind: str, default: Any, text: str) -> dict[str, Any]:
    return {"type": kind, "description": text, "default": default}


_SETTINGS = {
    "nm_name_property": _setting("string", None, "The only property to take names from."),
    "nm_number_mismatch": _setting("float", 0.3, "What differing numbers in names cost."),
    "nm_extra_query_name": _setting("float", 0.8, "What a word of the query alone weighs."),
    "nm_extra_result_name": _setting("float", 0.2, "What a word of the listed name alone weighs."),
    "nm_family_name_weight": _setting("float", 1.3, "What a family name weighs."),
    "nm_fuzzy_cutoff_factor": _setting("float", 1.0, "How far spellings may differ."),
}
_JARO = (
    Feature("jaro_name_parts", _NAME, 0.5, "The names agree, spelt alike."),
    Feature("soundex_name_parts", _NAME, 0.5, "The names agree, sounding alike."),
)
_LOW = (*_qualifiers(-0.1, -0.1, -0.15, -0.1), Feature(*("orgid_disjoint",), "identifier: differs",
        -0.1, f"Numbers of registers. {_MISMATCH}"))  # fmt: skip
ALGORITHMS: Mapping[str, Algorithm] = {
    one.name: one
    for one in (
        Algorithm(
            "logic-v2",
            "Names compared word by word with the rules of their cultures, then every fact that "
            "agrees or differs. What tumen answers with under any name.",
            (
                Feature("name_match", _NAME, 1.0, "The names agree."),
                *_ADDRESSES,
                *_STRONG,
                *_NEWER,
                *_OTHER,
                Feature("address_prop_match", "address", 0.2, "The addresses are alike."),
                *_qualifiers(-0.2, -0.15, -0.25, -0.2),
            ),
            _SETTINGS,
        ),
        Algorithm(
            "ofac",
            "Answered by the one engine; features as of a search by OFAC's tool.",
            (Feature("ofac_name_score", _NAME, 1.0, "The names agree."), *_LOW),
        ),
        Algorithm("name-based", "Answered by the one engine.", _JARO),
        Algorithm("name-qualified", "Answered by the one engine.", (*_JARO, *_LOW)),
        Algorithm(
            "logic-v1",
            "Answered by the one engine; features under their older names.",
            (
                Feature("name_literal_match", _NAME, 1.0, "The names agree letter by letter."),
                Feature("person_name_jaro_winkler", _NAME, 0.8, "Names of persons, spelt alike."),
                Feature("person_name_phonetic_match", _NAME, 0.9, "Names that sound alike."),
                Feature("name_fingerprint_levenshtein", _NAME, 0.9, "Names but for small slips."),
                Feature("name_metaphone_match", _NAME, 0.0, "Names that sound alike."),
                Feature("name_soundex_match", _NAME, 0.0, "Names that sound alike."),
                *_ADDRESSES,
                *_STRONG,
                *_OTHER,
                *_qualifiers(-0.2, -0.15, -0.2, -0.2),
                Feature("last_name_mismatch", "name: last differs", -0.2, "Family names differ."),
                _REGISTERS,
                Feature("numbers_mismatch", "name: numbers differ", -0.1, "Numbers in names."),
            ),
        ),
        Algorithm(
            "regression-v1",
            "Answered by the one engine.",
            (
                Feature("name_match", _NAME, 1.0, "The names agree."),
                *_OTHER[:1],
                *_qualifiers(-0.2, -0.15, -0.2, -0.2),
            ),
        ),
    )
}
_KINDS = frozenset(one.of for algorithm in ALGORITHMS.values() for one in algorithm.features)
