"""What `docs/operations.md` says of notices works as it is written there."""

from __future__ import annotations

import json
import re
import shlex
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from notice_samples import NOW, event, subscription

from tumen.cli.main import main
from tumen.config import load_notice_settings
from tumen.watch.notices.addresses import AddressRule
from tumen.watch.notices.backoff import MOST_ATTEMPTS
from tumen.watch.notices.sending import LEASE_SECONDS
from tumen.watch.notices.transport import DeliveryError, Notice
from tumen.watch.notices.webhook import (
    MOST_BODY_BYTES,
    TIMEOUT_SECONDS,
    WebhookTransport,
    new_secret,
    payload,
)

PAGE = (Path(__file__).parents[3] / "docs/operations.md").read_text("utf-8")
SECTION = re.split(r"^## (?!Notices$)", PAGE.partition("\n## Notices\n")[2], flags=re.MULTILINE)[0]


def block(kind: str) -> list[str]:
    """The blocks of one kind in the section."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", SECTION, re.DOTALL | re.MULTILINE)


def test_every_command_of_the_page_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order of the page; the host of the example is not asked for."""

    def nowhere(host: str, *_: object, **__: object) -> list[object]:
        raise socket.gaierror(f"{host} is not asked for in a test")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    monkeypatch.chdir(tmp_path)
    env = {"TUMEN_HOME": str(tmp_path), "TUMEN_STORE": "", "TUMEN_SMTP_URL": ""}
    lines = [line[2:] for one in block("console") for line in one.splitlines()]
    assert len(lines) > 10
    feeds = ""
    for line in lines:
        words = shlex.split(line.replace("sub_9a31", feeds))[1:]
        done = CliRunner().invoke(main, words, env=env)
        assert done.exit_code == 0, (line, done.output)
        if "--atom" in words:
            feeds = done.stdout.split(":")[0]
    assert (tmp_path / "feed.xml").exists()


def test_the_receiver_of_the_page_verifies_and_counts_once(tmp_path: Path) -> None:
    """The snippet runs as it stands; a repeated notice is taken and not heeded again."""
    (source,) = block("python")
    (tmp_path / "receiver.py").write_text(source)
    secret = new_secret()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    receiver = subprocess.Popen(
        [sys.executable, tmp_path / "receiver.py", secret, str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        transport = WebhookTransport(AddressRule(is_private_allowed=True))
        url = f"http://127.0.0.1:{port}/"
        good = Notice("dlv_1", subscription(target=url, secret=secret), (event(1),))
        _send_patiently(transport, good)
        transport.send(good, datetime.now(UTC))
        forged = Notice("dlv_2", subscription(target=url, secret=new_secret()), (event(2),))
        with pytest.raises(DeliveryError, match="401"):
            transport.send(forged, datetime.now(UTC))
        other = Notice("dlv_3", subscription(target=url, secret=secret), (event(3),))
        transport.send(other, datetime.now(UTC))
    finally:
        receiver.terminate()
        heard, _ = receiver.communicate(timeout=10)
    assert heard.splitlines() == [
        "new hit C-1 us_ofac_sdn:20157",
        "new hit C-3 us_ofac_sdn:20157",
    ]


def _send_patiently(transport: WebhookTransport, notice: Notice) -> None:
    """Send once the receiver has come up."""
    for _ in range(100):
        try:
            transport.send(notice, datetime.now(UTC))
        except DeliveryError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("The receiver did not come up")


def test_the_body_has_the_shape_of_the_page() -> None:
    """The same fields in the same places."""
    (text,) = block("json")
    shown = json.loads(text)
    made = json.loads(payload(Notice("dlv_1", subscription(), (event(),))))
    assert shown.keys() == made.keys()
    assert shown["data"].keys() == made["data"].keys()
    assert shown["data"]["events"][0].keys() == made["data"]["events"][0].keys()
    assert shown["timestamp"] == made["timestamp"] == NOW.isoformat()
    assert shown["data"]["events"][0]["title"] == "A party is newly hit: C-17"


def test_the_numbers_of_the_page_are_those_of_the_program() -> None:
    """Attempts, limits and times."""
    told = " ".join(SECTION.split())
    assert (MOST_ATTEMPTS, "nine attempts over about a day" in told) == (9, True)
    assert (TIMEOUT_SECONDS, "within 20 seconds" in told) == (20, True)
    assert (MOST_BODY_BYTES, "at most 256 KiB" in told) == (256 << 10, True)
    assert (LEASE_SECONDS, "for up to five minutes" in told) == (300, True)


def test_every_setting_of_the_page_is_read() -> None:
    """And every one that is read is on the page."""
    named = set(re.findall(r"^\| `(TUMEN_\w+)`", SECTION, re.MULTILINE))
    values = {
        "TUMEN_SMTP_URL": "smtp://relay",
        "TUMEN_MAIL_FROM": "a@b.example",
        "TUMEN_MAIL_DETAILS": "1",
        "TUMEN_WEBHOOK_ALLOW": "10.0.0.0/8",
        "TUMEN_WEBHOOK_ALLOW_PRIVATE": "1",
    }
    assert named == set(values)
    usual = load_notice_settings({})
    for name, value in values.items():
        assert load_notice_settings({name: value}) != usual, name
    assert "relay" not in repr(load_notice_settings(values))
