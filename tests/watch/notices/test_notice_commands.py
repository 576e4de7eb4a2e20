"""`tumen subscribe` and `tumen notices` as a person and as a program use them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from lxml import etree
from notice_samples import event, stale_list
from pytest_httpserver import HTTPServer
from standardwebhooks import Webhook

from notice_mailbox import Mailbox, serving
from tumen.cli.main import main
from tumen.model.watching import BookVersion, Event
from tumen.store import Store
from tumen.watch.notices.dispatch import dispatch


class Shell:
    """Runs commands over one home folder."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'tumen.db'}"
        self.env = {
            "TUMEN_HOME": str(folder),
            "TUMEN_STORE": self.url,
            "TUMEN_SMTP_URL": "",
            "TUMEN_MAIL_FROM": "tumen@bank.example",
            "TUMEN_MAIL_DETAILS": "",
            "TUMEN_WEBHOOK_ALLOW": "",
            "TUMEN_WEBHOOK_ALLOW_PRIVATE": "",
        }

    def __call__(self, *words: object) -> Result:
        """Run `tumen` with these words."""
        return CliRunner().invoke(main, list(map(str, words)), env=self.env)

    def json(self, *words: object) -> Any:
        """What a command that ends well prints as JSON."""
        done = self(*words, "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    def subscribe(self, *words: object) -> dict[str, Any]:
        """Subscribe, and what is printed of it."""
        made: dict[str, Any] = self.json("subscribe", "add", "--name", "desk", *words)
        return made

    def happens(self, *events: Event, at: datetime | None = None) -> None:
        """Something happens, by default a minute ago."""
        with Store.open(self.url) as store:
            dispatch(store, events, at or datetime.now(UTC) - timedelta(minutes=1))


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A fresh home."""
    return Shell(tmp_path)


def test_the_terminal_tells_once(shell: Shell) -> None:
    """What is new, in full; then nothing; and all of it again when asked for."""
    assert "Nobody reads here" in shell("notices").output
    shell.subscribe("--terminal")
    assert "Nothing new" in shell("notices").output
    shell.happens(event(1), stale_list())
    told = shell("notices")
    assert told.exit_code == 0
    assert "Kim Chol Nam (1) is newly hit" in told.output
    assert told.output.index("49 hours") < told.output.index("Kim")
    assert "Nothing new" in shell("notices").output
    again = shell("notices", "--since", "2026-03-01")
    assert "Kim Chol Nam (1) is newly hit" in again.output
    assert "Nothing happened since" in shell("notices", "--since", "2099-01-01").output


def test_the_terminal_for_a_program(shell: Shell) -> None:
    """One document, with every field of an event."""
    shell.subscribe("--terminal")
    shell.happens(event(1))
    (notice,) = shell.json("notices")["notices"]
    (told,) = notice["events"]
    assert told["party_id"] == "C-1"
    assert told["data"] == {"party_name": "Kim Chol Nam", "score": 0.97}
    assert shell.json("notices") == {"notices": []}
    assert shell.json("notices", "--since", "2026-03-01")["events"] == [told]


def test_a_webhook_from_subscribing_to_verifying(shell: Shell, httpserver: HTTPServer) -> None:
    """The secret is shown once and verifies what arrives; private addresses must be allowed."""
    url = httpserver.url_for("/hooks")
    httpserver.expect_request("/hooks").respond_with_data("")
    done = shell("subscribe", "add", "--name", "cases", "--webhook", url, "--least", "high")
    assert "is no public address" in done.stderr
    secret = done.stdout.split("shown this once: ")[1].split()[0]
    (listed,) = shell.json("subscribe", "list")["subscriptions"]
    assert secret not in json.dumps(listed)
    shell.happens(event(1))
    refused = shell("notices", "--send")
    assert refused.exit_code == 1
    assert "1 to try again" in refused.output
    assert httpserver.log == []
    failed = shell("notices", "--failed")
    assert failed.exit_code == 1
    assert "TUMEN_WEBHOOK_ALLOW" in failed.output
    shell.env["TUMEN_WEBHOOK_ALLOW"] = "127.0.0.1, ::1"
    shell.happens(event(2))
    assert "1 delivered" in shell("notices", "--send").output
    request = httpserver.log[0][0]
    found = Webhook(secret).verify(request.get_data(), dict(request.headers))
    assert found["data"]["events"][0]["party_id"] == "C-2"


def test_what_was_given_up_is_seen_and_tried_again(shell: Shell, httpserver: HTTPServer) -> None:
    """A person mends the receiver, and the notice goes out."""
    shell.env["TUMEN_WEBHOOK_ALLOW_PRIVATE"] = "1"
    made = shell.subscribe("--webhook", httpserver.url_for("/hooks"))
    shell.happens(event(1))
    with Store.open(shell.url) as store, store.writing() as work:
        (due,) = work.outbox.deliveries()
        work.outbox.record_attempt(
            due.delivery_id, datetime.now(UTC), error="Down", next_due=None, is_given_up=True
        )
    assert "1 given up: tumen notices --failed" in shell("notices").output
    (failed,) = json.loads(shell("notices", "--failed", "--json").stdout)["deliveries"]
    assert (failed["status"], failed["last_error"]) == ("given up", "Down")
    assert shell.json("subscribe", "list")["subscriptions"][0]["given_up"] == 1
    httpserver.expect_request("/hooks").respond_with_data("")
    assert shell.json("notices", "retry") == {"reopened": [due.delivery_id]}
    assert shell.json("notices", "--send")["delivered"] == 1
    assert shell.json("notices", "--failed") == {"deliveries": []}
    assert "Nothing was given up" in shell("notices", "retry").output
    unknown = shell("notices", "retry", due.delivery_id)
    assert unknown.exit_code == 2
    assert "that was given up" in unknown.output
    with Store.open(shell.url) as store, store.reading() as work:
        actions = [one.entry.action for one in work.audit.records()]
    assert actions == ["subscription added", "notice reopened"]
    assert made["subscription_id"].startswith("sub_")


def test_mail_needs_a_server_and_says_so(shell: Shell) -> None:
    """When subscribing and when sending; with one the mail arrives."""
    done = shell("subscribe", "add", "--name", "m", "--email", "officer@bank.example")
    assert "mail cannot be sent yet" in done.stderr
    assert shell("notices", "--send").exit_code == 0
    shell.happens(event(1))
    waiting = shell("notices", "--send")
    assert waiting.exit_code == 1
    assert "set TUMEN_SMTP_URL" in waiting.stderr
    (pending,) = shell.json("notices", "--pending")["deliveries"]
    assert pending["attempts"] == []
    mailbox = Mailbox()
    with serving(mailbox) as port:
        shell.env["TUMEN_SMTP_URL"] = f"smtp://127.0.0.1:{port}"
        assert shell.json("notices", "--send")["delivered"] == 1
    (message,) = mailbox.messages()
    assert "Kim" not in message.as_string()
    assert "Nothing" not in shell("notices", "--pending").output


def test_names_in_mail_where_the_settings_say_so(shell: Shell) -> None:
    """TUMEN_MAIL_DETAILS holds for all mail."""
    mailbox = Mailbox()
    with serving(mailbox) as port:
        shell.env |= {"TUMEN_SMTP_URL": f"smtp://127.0.0.1:{port}", "TUMEN_MAIL_DETAILS": "yes"}
        shell.subscribe("--email", "officer@bank.example")
        shell.happens(event(1))
        shell("notices", "--send")
    assert "Kim Chol Nam" in mailbox.messages()[0].as_string()


def test_a_digest_is_pending_until_its_hour(shell: Shell) -> None:
    """Listed with when it is due."""
    made = shell.subscribe("--terminal", "--schedule", "daily", "--hour", "7")
    assert made["daily_hour"] == 7
    shell.happens(event(1), at=datetime.now(UTC))
    assert "Nothing new" in shell("notices").output
    (pending,) = shell.json("notices", "--pending")["deliveries"]
    assert datetime.fromisoformat(pending["due_at"]).hour == 7
    assert "desk" in shell("notices", "--pending").output


def test_a_feed_in_a_file(shell: Shell, tmp_path: Path) -> None:
    """For where there is no network; what is no feed is refused."""
    made = shell.subscribe("--atom", "--least", "critical")
    assert made["feed"].startswith("/api/v1/feeds/")
    shell.happens(event(1), stale_list())
    out = tmp_path / "feed.xml"
    done = shell.json("notices", "feed", made["subscription_id"], "--out", out)
    assert done == {"out": str(out), "entries": 1}
    root = etree.fromstring(out.read_bytes())
    assert len(root.findall("{*}entry")) == 1
    other = shell.subscribe("--terminal")
    refused = shell("notices", "feed", other["subscription_id"], "--out", out)
    assert refused.exit_code == 2
    assert "no subscription with a feed" in refused.output
    nowhere = tmp_path / "none/feed.xml"
    refused = shell("notices", "feed", made["subscription_id"], "--out", nowhere)
    assert refused.exit_code == 2
    assert "cannot be written" in refused.output
    assert sorted(path.name for path in tmp_path.glob("*feed*")) == ["feed.xml"]


def test_a_sample_by_each_way(shell: Shell, httpserver: HTTPServer) -> None:
    """It says that nothing has happened, and is recorded nowhere."""
    terminal = shell.subscribe("--terminal")["subscription_id"]
    assert "A sample: nothing has happened" in shell("subscribe", "test", terminal).output
    shell.env["TUMEN_WEBHOOK_ALLOW_PRIVATE"] = "1"
    webhook = shell.subscribe("--webhook", httpserver.url_for("/hooks"))["subscription_id"]
    missed = shell("subscribe", "test", webhook)
    assert missed.exit_code == 1
    assert "Not delivered: The receiver answered 500" in missed.output
    httpserver.clear()
    httpserver.expect_request("/hooks").respond_with_data("")
    assert shell.json("subscribe", "test", webhook)["is_delivered"] is True
    sent = json.loads(httpserver.log[0][0].get_data())
    assert sent["data"]["events"][0]["data"] == {"is_sample": True}
    mail = shell.subscribe("--email", "officer@bank.example")["subscription_id"]
    refused = shell("subscribe", "test", mail)
    assert refused.exit_code == 2
    assert "TUMEN_SMTP_URL" in refused.output
    feed = shell.subscribe("--atom")["subscription_id"]
    assert "read and not sent" in shell("subscribe", "test", feed).output
    assert shell.json("notices", "--since", "2000-01-01") == {"events": []}


def test_an_end(shell: Shell) -> None:
    """It stays on record, and in the audit log with who did it."""
    made = shell.subscribe("--terminal")
    assert "has ended" in shell("subscribe", "end", made["subscription_id"]).output
    assert "Nobody is subscribed" in shell("subscribe", "list").output
    (ended,) = shell.json("subscribe", "list", "--all")["subscriptions"]
    assert ended["ended_at"]
    assert "ended" in shell("subscribe", "list", "--all").output
    assert shell("subscribe", "end", made["subscription_id"]).exit_code == 2
    assert shell("subscribe", "end", "nobody").exit_code == 2
    with Store.open(shell.url) as store, store.reading() as work:
        records = [one.entry for one in work.audit.records()]
    assert [one.action for one in records] == ["subscription added", "subscription ended"]
    assert all(one.actor and one.object == made["subscription_id"] for one in records)


def test_filters_are_kept_and_read_back(shell: Shell) -> None:
    """Each by its own option, several times; unknown ones are not taken in silence."""
    with Store.open(shell.url) as store, store.writing() as work:
        now = datetime.now(UTC)
        work.books.add_version(BookVersion("main", 1, "x", now, 0), ())
    words = "--list us_ofac_sdn --programme DPRK --programme RUSSIA --country DPRK --group seoul"
    more = "--book main --least high --kind new-hit --kind list-stale --details --terminal"
    made = shell.subscribe(*words.split(), *more.split())
    expected = {
        "lists": ["us_ofac_sdn"],
        "programmes": ["DPRK", "RUSSIA"],
        "countries": ["kp"],
        "groups": ["seoul"],
        "books": ["main"],
        "least": "high",
        "kinds": ["new hit", "list stale"],
        "has_details": True,
    }
    assert expected.items() <= made.items()
    listed = shell("subscribe", "list").output.replace("\n", " ")
    for text in ("programme DPRK or RUSSIA", "country kp", "high and above"):
        assert all(word in listed for word in text.split())
    warned = shell("subscribe", "add", "--name", "x", "--terminal", "--book", "none")
    assert "no book 'none' is stored yet" in warned.stderr
    assert warned.exit_code == 0


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("--name x", "Give one of --email"),
        ("--name x --terminal --atom", "Give one of --email"),
        ("--terminal", "Missing option '--name'"),
        ("--name x --email nobody", "no mail address"),
        ("--name x --webhook gopher://x", "no URL of a receiver"),
        ("--name x --terminal --list no_such_list", "There is no list 'no_such_list'"),
        ("--name x --terminal --country Atlantis", "no country"),
        ("--name x --atom --schedule daily", "no schedule"),
        ("--name x --terminal --hour 24", "24 is not in the range"),
    ],
)
def test_what_is_refused_when_subscribing(shell: Shell, words: str, problem: str) -> None:
    """Bad terms are exit code 2 and leave nothing behind."""
    refused = shell("subscribe", "add", *words.split())
    assert refused.exit_code == 2
    assert problem in refused.output
    assert shell.json("subscribe", "list") == {"subscriptions": []}


def test_settings_that_make_no_sense_are_named(shell: Shell) -> None:
    """By their variable."""
    for name, value in (
        ("TUMEN_WEBHOOK_ALLOW_PRIVATE", "perhaps"),
        ("TUMEN_WEBHOOK_ALLOW", "10.0.0.0/99"),
        ("TUMEN_SMTP_URL", "mail.example"),
    ):
        shell.env[name] = value
        refused = shell("notices", "--send")
        assert refused.exit_code == 2, name
        assert name in refused.output
        shell.env[name] = ""


def test_two_questions_at_once_are_refused(shell: Shell) -> None:
    """Which of them was meant is not to be guessed."""
    assert shell("notices", "--send", "--since", "2026-01-01").exit_code == 2
