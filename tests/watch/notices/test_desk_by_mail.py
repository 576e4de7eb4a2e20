"""The desk by mail from end to end: a service, a real SMTP server, and links out of the mails."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from notice_mailbox import Mailbox, serving
from tumen.config import ServiceSettings, Settings
from tumen.model.access import Role
from tumen.model.briefing import BriefingText
from tumen.model.case import Actor
from tumen.model.desk import DeskSettings
from tumen.service.access import accounts
from tumen.service.app import create_app
from tumen.service.help_desk import writing
from tumen.store import Store

DESK = DeskSettings(
    is_help_public=True, are_briefings_public=True, public_url="https://desk.example"
)


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """The mail server that the environment of the service names."""
    found = Mailbox()
    with serving(found) as port:
        monkeypatch.setenv("TUMEN_SMTP_URL", f"smtp://127.0.0.1:{port}")
        monkeypatch.setenv("TUMEN_MAIL_FROM", "desk@bank.example")
        yield found


@pytest.fixture
def visitor(tmp_path: Path, mailbox: Mailbox) -> Iterator[TestClient]:
    """A stranger's browser at a running service that others can reach."""
    base = Settings(tmp_path, f"sqlite:///{tmp_path / 'tumen.db'}")
    settings = ServiceSettings(base, host="0.0.0.0", watch_seconds=3600.0, builds_apart=False)
    app = create_app(settings)
    store: Store = app.state.api.store
    now = datetime.now(UTC)
    with store.writing() as work:
        work.desk.put(DESK, "test", now)
        accounts.add_key(work, accounts.WantedKey("k", Role.ANALYST), accounts.By("test"), now)
    with TestClient(app) as client:
        yield client


def post(visitor: TestClient, path: str, fields: dict[str, object]) -> str:
    """Send a form as a page of ours would; the text of the page that follows."""
    found = re.search(r'name="csrf" content="([^"]+)"', visitor.get("/help").text)
    assert found is not None
    answer = visitor.post(path, data={"csrf": found[1], **fields})
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def wait(mailbox: Mailbox, count: int) -> str:
    """The text of the last mail, once so many have come."""
    end = time.monotonic() + 20
    while len(mailbox.envelopes) < count:
        assert time.monotonic() < end, "no mail came"
        time.sleep(0.02)
    body = mailbox.messages()[-1].get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(text: str, place: str) -> str:
    """The path of a link in a mail."""
    found = re.search(rf"https://desk\.example(/briefings/{place}/[\w-]+)", text)
    assert found is not None, text
    return found[1]


def test_a_request_is_acknowledged(visitor: TestClient, mailbox: Mailbox) -> None:
    """Within moments, with the reference that the page shows."""
    sent = {"subject": "A ship", "text": "Where is it?", "email": "mina@client.example"}
    page = post(visitor, "/help/client", sent)
    found = re.search(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){3}", page)
    assert found is not None
    text = wait(mailbox, 1)
    assert found[0] in text
    assert "Where is it?" not in text


def test_a_reader_confirms_is_told_and_leaves(visitor: TestClient, mailbox: Mailbox) -> None:
    """Three mails' worth: confirm, read, leave by the header that mail programs use."""
    post(visitor, "/briefings/subscribe", {"email": "mina@client.example", "topics": ["shipping"]})
    confirm = link_in(wait(mailbox, 1), "confirm")
    assert "kept informed on: Shipping" in post(visitor, confirm, {})
    _publish(visitor, "Coal transfers")
    text = wait(mailbox, 2)
    assert "https://desk.example/briefings/coal-transfers" in text
    message = mailbox.messages()[-1]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    leave = link_in(message["List-Unsubscribe"], "leave")
    visitor.cookies.clear()
    assert visitor.post(leave, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    _publish(visitor, "Another")
    post(visitor, "/help/other", {"subject": "a", "text": "b", "email": "other@client.example"})
    assert "received your request" in wait(mailbox, 3)
    assert [one["To"] for one in mailbox.messages()].count("mina@client.example") == 2


def _publish(visitor: TestClient, title: str) -> None:
    state = visitor.app.state  # type: ignore[attr-defined]
    desk = Actor("anna", "anna", "Anna", ("decide",))
    content = BriefingText(title, "Look at flags.", "They met at sea.", topics=("shipping",))
    now = datetime.now(UTC)
    store: Store = state.api.store
    with store.writing() as work:
        made = writing.draft(work, content, desk, now)
        writing.publish(work, made.briefing_id, 1, desk, now)
    state.help_desk.rounds.nudge()
