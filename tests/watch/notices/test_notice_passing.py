"""Which events a subscription lets through."""

from __future__ import annotations

from typing import Any

import pytest
from notice_samples import event, stale_list, subscription

from tumen.model.watching import EventKind, Severity
from tumen.watch.notices.passing import ALARMS, passes


def test_an_empty_filter_lets_everything_through() -> None:
    """Who names no filter hears of all."""
    assert passes(event(), subscription())
    assert passes(stale_list(), subscription())


@pytest.mark.parametrize(
    ("terms", "is_let_through"),
    [
        ({"lists": ("us_ofac_sdn",)}, True),
        ({"lists": ("eu_fsf",)}, False),
        ({"lists": ("eu_fsf", "us_ofac_sdn")}, True),
        ({"programmes": ("dprk",)}, True),
        ({"programmes": ("RUSSIA",)}, False),
        ({"countries": ("KP",)}, True),
        ({"countries": ("ru",)}, False),
        ({"books": ("customers",)}, True),
        ({"books": ("suppliers",)}, False),
        ({"groups": ("vladivostok",)}, True),
        ({"groups": ("seoul",)}, False),
        ({"kinds": (EventKind.NEW_HIT,)}, True),
        ({"kinds": (EventKind.LIST_CHANGED,)}, False),
        ({"least": Severity.HIGH}, True),
        ({"least": Severity.CRITICAL}, False),
        ({"lists": ("us_ofac_sdn",), "groups": ("seoul",)}, False),
    ],
)
def test_each_filter_by_itself_and_all_together(
    terms: dict[str, Any], is_let_through: bool
) -> None:
    """A filter with several values asks for one of them; several filters ask for all."""
    assert passes(event(), subscription(**terms)) is is_let_through


def test_an_alarm_without_a_country_reaches_who_filters_by_country() -> None:
    """A stale list is news for whoever relies on any of its programmes."""
    narrow = subscription(countries=("kp",), programmes=("DPRK",), books=("customers",))
    assert passes(stale_list(), narrow)
    assert not passes(stale_list(kind=EventKind.LIST_CHANGED), narrow)
    assert not passes(stale_list(), subscription(lists=("eu_fsf",)))


def test_a_party_not_screened_reaches_who_filters_by_list() -> None:
    """It was not screened against that list either."""
    missed = event(kind=EventKind.NOT_SCREENED, list_id="", entity_id="", programmes=())
    assert passes(missed, subscription(lists=("eu_fsf",), programmes=("RUSSIA",)))
    assert not passes(missed, subscription(books=("suppliers",)))


def test_nobody_is_told_of_his_own_silence() -> None:
    """That a notice could not reach a subscription goes to the others."""
    silent = stale_list(kind=EventKind.NOTICE_GIVEN_UP, data={"subscription_id": "sub_1"})
    assert not passes(silent, subscription(subscription_id="sub_1"))
    assert passes(silent, subscription(subscription_id="sub_2"))
    assert EventKind.NOTICE_GIVEN_UP in ALARMS
