"""The pages of subscriptions: who hears of what, and how the sending went."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from second_versions import HOSTILE, SECOND, assert_harmless
from workbench import Browser, Workbench

from tumen.model.watching import (
    Delivery,
    DeliveryStatus,
    Event,
    EventKind,
    Schedule,
    Severity,
    Subscription,
)

WANTED = {
    "name": "Night desk",
    "channel": "email",
    "target": "desk@bank.example",
    "schedule": "daily",
    "daily_hour": "5",
    "least": "medium",
    "kinds": ["new hit", "list changed"],
    "countries": "North Korea, ru",
    "programmes": " DPRK ,",
}


def subscribed(browser: Browser, workbench: Workbench, **changed: object) -> Subscription:
    """The subscription that the form makes."""
    answer = browser.post("/desk/subscriptions", {**WANTED, **changed})
    assert answer.status_code == 200, answer.text
    with workbench.store.reading() as work:
        return work.subscriptions.all()[-1]


def deliver(workbench: Workbench, made: Subscription) -> None:
    """A notice that arrived, and one that was given up after an attempt."""
    event = Event("e1", EventKind.NEW_HIT, Severity.HIGH, SECOND, f"A hit {HOSTILE}", "text")
    rows = [
        Delivery("d1", made.subscription_id, ("e1",), DeliveryStatus.PENDING, 0, SECOND),
        Delivery("d2", made.subscription_id, ("e1",), DeliveryStatus.PENDING, 0, SECOND),
    ]
    with workbench.store.writing() as work:
        work.outbox.add_events([event], rows)
        for one in rows:
            number = work.attempts.begin(one.delivery_id, "sender", SECOND, 60)
            error = f"refused {HOSTILE}" if one.delivery_id == "d2" else ""
            work.attempts.end(one.delivery_id, number, SECOND + timedelta(seconds=1), error)
        work.outbox.record_delivered("d1", SECOND)


def test_an_administrator_subscribes_somebody(workbench: Workbench) -> None:
    """With filters and a schedule as they were chosen; everybody sees it in words."""
    made = subscribed(workbench.browser("dora"), workbench)
    assert (made.schedule, made.daily_hour, made.least) == (Schedule.DAILY, 5, Severity.MEDIUM)
    assert made.kinds == (EventKind.NEW_HIT, EventKind.LIST_CHANGED)
    assert (made.countries, made.programmes, made.has_details) == (("kp", "ru"), ("DPRK",), False)
    page = workbench.browser("vera").get("/desk/subscriptions").text
    for words in ("Night desk", "desk@bank.example", "daily at 05:00 UTC", "new hit, list changed"):
        assert words in page


def test_secrets_are_shown_once(workbench: Workbench) -> None:
    """The secret of a webhook, and the address of a feed, stand on the page that answers alone."""
    dora = workbench.browser("dora")
    hook = {"channel": "webhook", "target": "https://bank.example/hook", "schedule": "instant"}
    answer = dora.post("/desk/subscriptions", {**WANTED, **hook})
    with workbench.store.reading() as work:
        secret = work.subscriptions.all()[-1].secret
    assert secret in answer.text
    answer = dora.post(
        "/desk/subscriptions", {**WANTED, "channel": "atom", "target": "", "schedule": "instant"}
    )
    (feed,) = re.findall(r"/api/v1/feeds/([\w-]+)", answer.text)
    assert dora.client.get(f"/api/v1/feeds/{feed}").status_code == 200
    with workbench.store.reading() as work:
        ids = [one.subscription_id for one in work.subscriptions.all()]
    for place in ("", *(f"/{one}" for one in ids)):
        page = dora.get(f"/desk/subscriptions{place}").text
        assert secret not in page
        assert feed not in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"target": "nowhere"}, ""),
        ({"name": " "}, "needs a name"),
        ({"countries": "Atlantis"}, "is no country"),
        ({"channel": "pigeon"}, "Choose how"),
        ({"daily_hour": "24"}, "is no hour of the day"),
        ({"channel": "webhook", "target": "ftp://x"}, ""),
    ],
)
def test_what_makes_no_sense_is_refused(
    workbench: Workbench, changed: dict[str, str], words: str
) -> None:
    """The page says why, and keeps what was typed and ticked."""
    answer = workbench.browser("dora").post("/desk/subscriptions", {**WANTED, **changed})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert words in answer.text
    assert 'value="list changed" checked' in answer.text
    with workbench.store.reading() as work:
        assert work.subscriptions.all() == []


def test_deliveries_and_their_attempts(workbench: Workbench) -> None:
    """What was told, what was given up and why; texts of others are no markup."""
    dora = workbench.browser("dora")
    made = subscribed(dora, workbench, name="Desk <i>")
    deliver(workbench, made)
    page = workbench.browser("vera").get(f"/desk/subscriptions/{made.subscription_id}").text
    assert_harmless(page)
    assert "went well" in page
    assert "refused &#34;" in page
    assert "Desk &lt;i&gt;" in page
    only = dora.get(f"/desk/subscriptions/{made.subscription_id}?status=delivered").text
    assert "d1</code>" in only
    assert "d2</code>" not in only


def test_a_subscription_is_ended_once(workbench: Workbench) -> None:
    """What it was told stays on record."""
    dora = workbench.browser("dora")
    made = subscribed(dora, workbench)
    place = f"/desk/subscriptions/{made.subscription_id}"
    assert dora.post(f"{place}/end").status_code == 303
    assert dora.post(f"{place}/end").status_code == 422
    assert "1 subscription ended" in dora.get("/desk/subscriptions").text
    assert "Ended" in dora.get(place).text
    assert dora.get("/desk/subscriptions/nothing").status_code == 404


@pytest.mark.parametrize("name", ["vera", "anna", "carl", "emil"])
def test_only_administrators_change_who_hears(workbench: Workbench, name: str) -> None:
    """Others see who hears of what, and are offered nothing to change it."""
    made = subscribed(workbench.browser("dora"), workbench)
    browser = workbench.browser(name)
    page = browser.get("/desk/subscriptions")
    assert page.status_code == 200
    assert "Subscribe somebody" not in page.text
    assert "/end" not in page.text
    assert browser.post("/desk/subscriptions", WANTED).status_code == 403
    ended = browser.post(f"/desk/subscriptions/{made.subscription_id}/end")
    assert ended.status_code == 403
