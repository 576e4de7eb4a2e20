"""A desk, its writers, its readers and a briefing, for the tests of the help desk."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from tumen.cases.help import HelpRequest
from tumen.model.access import Role
from tumen.model.briefing import BriefingText
from tumen.model.case import Actor
from tumen.model.desk import DeskSettings, HelpKind, Letter, LetterKind, Reader
from tumen.service.help_desk import informing
from tumen.store import Store

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
DESK = DeskSettings(
    name="Trade compliance desk",
    crisis_telephone="+44 20 7946 0000",
    is_help_public=True,
    are_briefings_public=True,
    public_url="https://desk.example",
)


def somebody(role: Role = Role.ANALYST) -> Actor:
    """A person of the desk."""
    rights = tuple(sorted(one.value for one in role.permissions))
    return Actor(f"user:{role.value}", role.value, role.value.title(), rights)


def request(kind: HelpKind = HelpKind.CLIENT, **changes: str) -> HelpRequest:
    """A request that meets every rule; `changes` replace what they name."""
    given = {
        "subject": "A shipment to Rason",
        "text": "Our forwarder Kim Chol asks us to change the consignee.",
        "name": "Mina Park",
        "email": "mina@client.example",
        "telephone": "+82 2 555 0100",
        "organisation": "Hanbit Trading",
    }
    return HelpRequest(kind, **{**given, **changes})


def text(**changes: Any) -> BriefingText:
    """A briefing that meets every rule; `changes` replace what they name."""
    given: dict[str, Any] = {
        "title": "Coal transfers off Chongjin",
        "summary": "Three vessels met at sea; look at flags and positions.",
        "body": "# What happened\n\nThree vessels met. See [the notice](https://un.example/1).",
        "diligence": "Ask for the logs of the last 90 days.",
        "regulation": "Resolution 2371 forbids the trade.",
        "risk": "High for bulk carriers.",
        "topics": ("north-korea", "shipping"),
        "entity_ids": ("un_sc_sanctions:1",),
    }
    return BriefingText(**{**given, **changes})


def letters(store: Store, kind: LetterKind) -> list[Letter]:
    """The letters of a kind that wait."""
    with store.reading() as work:
        return [one for one in work.letters.due(NOW.replace(year=2030)) if one.kind is kind]


def confirmed(store: Store, email: str, *topics: str, at: datetime = NOW) -> Reader:
    """A reader who asked and confirmed with the link of the letter, which is then sent."""
    with store.writing() as work:
        informing.ask(work, email, topics, DESK, at)
    letter = next(
        one for one in letters(store, LetterKind.CONFIRMATION) if one.address == email.lower()
    )
    with store.writing() as work:
        work.letters.cancel("", at)
        found = informing.confirm(work, token_in(letter.text), at)
    assert found is not None
    return found


def token_in(text: str) -> str:
    """The token of the link in a letter."""
    found = re.search(r"https://desk\.example/briefings/(?:confirm|leave)/([\w-]+)", text)
    assert found is not None, text
    return found[1]
