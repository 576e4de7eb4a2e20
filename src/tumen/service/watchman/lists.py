"""What Watchman calls the lists that we hold, and the other way round."""

from __future__ import annotations

from collections.abc import Iterable

# Watchman knows one list of a publisher where we may know two forms of it.
_OURS = {
    "us_ofac": ("us_ofac_sdn",),
    "us_non_sdn": ("us_ofac_cons",),
    "us_csl": ("us_trade_csl",),
    "us_dpl": ("us_bis_denied",),
    "eu_csl": ("eu_fsf", "eu_journal_sanctions"),
    "uk_csl": ("gb_hmt_sanctions", "gb_fcdo_sanctions"),
    "un_csl": ("un_sc_sanctions",),
    "us_fincen_311": ("us_fincen_special_measures",),
    "us_tel": ("us_state_terrorist_exclusion",),
}
_THEIRS = {ours: theirs for theirs, several in _OURS.items() for ours in several}


def source_of(dataset: str) -> str:
    """The name that Watchman's clients know a dataset by; its own where they know none."""
    return _THEIRS.get(dataset, dataset)


def datasets_of(source: str) -> tuple[str, ...]:
    """The datasets that a source name means: Watchman's names, and our own as they are."""
    return _OURS.get(source.strip().lower(), (source.strip(),))


def held_of(source: str, held: Iterable[str]) -> frozenset[str]:
    """Those of the datasets `held` that a source name means; empty where none is."""
    return frozenset(held).intersection(datasets_of(source))


def source_id_of(entity_id: str, dataset: str) -> str:
    """The publisher's own id of an entry: ours without the name of the list before it."""
    return entity_id.removeprefix(f"{dataset}:")
