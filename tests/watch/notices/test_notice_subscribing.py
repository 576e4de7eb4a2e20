"""What a subscription gets when it is made, and which are refused."""

from __future__ import annotations

from typing import Any

import pytest
from notice_samples import subscription
from standardwebhooks import Webhook

from tumen.errors import RequestError
from tumen.model.watching import Channel, Schedule
from tumen.watch.notices.subscribing import prepared


def test_each_has_an_id_of_its_own() -> None:
    """Whatever the caller gave as one."""
    first, second = (prepared(subscription(Channel.EMAIL)) for _ in range(2))
    assert first.subscription_id != second.subscription_id
    assert first.subscription_id.startswith("sub_")


def test_a_webhook_gets_a_secret() -> None:
    """A good one, unless it brings its own."""
    made = prepared(subscription(secret=""))
    assert len(Webhook(made.secret)._whsecret) == 32
    assert prepared(subscription()).secret == subscription().secret


def test_a_feed_gets_a_token_nobody_guesses() -> None:
    """Who knows it reads the feed."""
    first, second = (prepared(subscription(Channel.ATOM, target="")) for _ in range(2))
    assert first.target != second.target
    assert len(first.target) >= 43


def test_countries_become_codes() -> None:
    """Events state codes: a name as it is typed would let nothing through."""
    made = prepared(subscription(countries=("North Korea", "RU", "kp")))
    assert made.countries == ("kp", "ru")


@pytest.mark.parametrize(
    ("channel", "changes", "problem"),
    [
        (Channel.EMAIL, {"target": "nobody"}, "no mail address"),
        (Channel.WEBHOOK, {"target": "ftp://x"}, "no URL of a receiver"),
        (Channel.WEBHOOK, {"secret": "hunter2"}, "begins with whsec_"),
        (Channel.WEBHOOK, {"secret": "whsec_???"}, "no secret"),
        (Channel.WEBHOOK, {"secret": "whsec_YWJj"}, "no secret"),
        (Channel.ATOM, {"schedule": Schedule.DAILY}, "no schedule"),
        (Channel.TERMINAL, {"name": " "}, "needs a name"),
        (Channel.TERMINAL, {"name": "a\nb"}, "needs a name"),
        (Channel.TERMINAL, {"daily_hour": 24}, "no hour"),
        (Channel.TERMINAL, {"countries": ("Atlantis",)}, "'Atlantis' is no country"),
        (Channel.TERMINAL, {"daily_hour": -1}, "no hour"),
    ],
)
def test_terms_that_make_no_sense(channel: Channel, changes: dict[str, Any], problem: str) -> None:
    """Said before anything is kept."""
    with pytest.raises(RequestError, match=problem):
        prepared(subscription(channel, **changes))
