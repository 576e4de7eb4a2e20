"""The pages of users, keys and delegations, and what a reader sees of themselves."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from workbench import PASSWORD, Browser, Workbench

from tumen.model.access import Role, User
from tumen.service.access.accounts import By
from tumen.service.access.people import delegate
from tumen.service.pages.users_data import PERMISSIONS, span_of, users_page

HOSTILE = "<script>alert(1)</script>"


def user(workbench: Workbench, name: str) -> User | None:
    """The user in force of that name."""
    with workbench.store.reading() as work:
        return work.access.user_by_name(name)


def said(browser: Browser, address: str = "/desk/users") -> str:
    """The message that the next page shows."""
    found = re.search(r'role="status"><p>([^<]*)', browser.get(address).text)
    return found[1] if found else ""


def test_an_administrator_adds_a_user(workbench: Workbench) -> None:
    """The new one signs in at once; a name that is taken, or a short password, is refused."""
    dora = workbench.browser("dora")
    given = {
        "name": "new",
        "role": "approver",
        "email": "n@x.org",
        "person": "",
        "password": PASSWORD,
    }
    assert dora.post("/desk/users", given).status_code == 303
    assert said(dora) == "new may sign in as approver"
    assert "new" in workbench.browser("new").get("/desk/me").text
    again = dora.post("/desk/users", given)
    assert again.status_code == 422
    assert "already" in again.text
    assert 'value="n@x.org"' in again.text
    assert PASSWORD not in again.text
    for wrong in ({"password": "short"}, {"role": ""}, {"name": "a:b"}):
        answer = dora.post("/desk/users", {**given, "name": "other", **wrong})
        assert answer.status_code == 422
    assert user(workbench, "other") is None


def test_a_user_is_ended_and_is_out_at_once(workbench: Workbench) -> None:
    """A session that is open opens nothing any more; the name stays on record."""
    dora, anna = workbench.browser("dora"), workbench.browser("anna")
    assert dora.post("/desk/users/end", {"name": "anna"}).status_code == 303
    led = anna.client.get("/desk/me", follow_redirects=False)
    assert led.headers["location"].startswith("/sign-in")
    assert dora.post("/desk/users/end", {"name": "anna"}).status_code == 422
    found = users_page(workbench.store, datetime.now(UTC))
    assert [one.name for one in found.ended] == ["anna"]
    assert "1 user who may no longer sign in" in dora.get("/desk/users").text


def test_passwords_and_persons_are_changed(workbench: Workbench) -> None:
    """A new password ends the old one; accounts of one person are shown as the same eyes."""
    dora = workbench.browser("dora")
    fresh = "another good password"
    assert dora.post("/desk/users/password", {"name": "anna", "password": fresh}).status_code == 303
    old = workbench.browser().post("/sign-in", {"name": "anna", "password": PASSWORD})
    assert old.status_code == 403
    new = workbench.browser().post("/sign-in", {"name": "anna", "password": fresh})
    assert new.status_code == 303
    assert dora.post("/desk/users/password", {"name": "anna", "password": "x"}).status_code == 422
    known = {"name": "anna", "person": "Benedict"}
    assert dora.post("/desk/users/person", known).status_code == 303
    rows = {row.user.name: row for row in users_page(workbench.store, datetime.now(UTC)).users}
    assert rows["anna"].others == ("bella", "ben")
    assert "the same eyes as bella, ben" in dora.get("/desk/users").text
    workbench.app.state.api.audit.flush()
    with workbench.store.reading() as work:
        actions = [one.entry.action for one in work.audit.latest(object="user:anna")]
    changes = [one for one in actions if one.startswith("set")]
    assert changes == ["set password", "set person"]


def test_a_key_is_shown_once(workbench: Workbench) -> None:
    """Its text stands on the one page that answers, and it works until it is ended."""
    dora = workbench.browser("dora")
    made = dora.post("/desk/users/keys", {"name": "onboarding", "role": "analyst", "expires": ""})
    assert made.status_code == 200
    (text,) = re.findall(r"tmn_\w+", made.text)
    assert text not in dora.get("/desk/users").text
    asked = dora.client.get("/api/v1/me", headers={"Authorization": f"Bearer {text}"})
    assert asked.json()["role"] == "analyst"
    key_id = text.split("_")[1]
    assert dora.post("/desk/users/keys/end", {"key_id": key_id}).status_code == 303
    asked = dora.client.get("/api/v1/me", headers={"Authorization": f"Bearer {text}"})
    assert asked.status_code == 401
    for wrong in ({"expires": "2001-01-01"}, {"expires": "soon"}, {"role": "god"}):
        given = {"name": "x", "role": "analyst", "expires": "", **wrong}
        assert dora.post("/desk/users/keys", given).status_code == 422


def test_an_administrator_lets_one_act_for_another(workbench: Workbench) -> None:
    """Within a month, between two persons, and it can be ended before its time."""
    dora = workbench.browser("dora")
    last = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    given = {"from_name": "carl", "to_name": "anna", "begins": "", "ends": last}
    assert dora.post("/desk/users/delegations", given).status_code == 303
    assert said(dora) == "anna may act in the place of carl"
    same = {**given, "from_name": "ben", "to_name": "bella"}
    refused = dora.post("/desk/users/delegations", same)
    assert (refused.status_code, "one person" in refused.text) == (422, True)
    assert dora.post("/desk/users/delegations", {**given, "ends": "x"}).status_code == 422
    (row,) = users_page(workbench.store, datetime.now(UTC)).delegations
    assert row.state == "in force"
    ended = {"delegation_id": row.delegation.delegation_id}
    assert dora.post("/desk/users/delegations/end", ended).status_code == 303
    assert dora.post("/desk/users/delegations/end", ended).status_code == 422


def test_a_user_gives_their_own_place_and_no_other(workbench: Workbench) -> None:
    """Anybody may name a deputy; only the two of them, or an administrator, may end it."""
    carl, anna, vera = (workbench.browser(name) for name in ("carl", "anna", "vera"))
    last = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    given = {"to_name": "anna", "begins": "", "ends": last, "from_name": "dora"}
    assert carl.post("/desk/me/delegations", given).status_code == 303
    (row,) = users_page(workbench.store, datetime.now(UTC)).delegations
    assert (row.delegation.from_name, row.delegation.to_name) == ("carl", "anna")
    assert "Act for carl" in anna.get("/desk/me").text
    assert anna.post("/desk/acting-for", {"name": "carl"}).status_code == 303
    page = anna.get("/desk/me").text
    assert "Act for yourself again" in page
    ended = {"delegation_id": row.delegation.delegation_id}
    assert vera.post("/desk/me/delegations/end", ended).status_code == 422
    assert carl.post("/desk/me/delegations/end", ended).status_code == 303
    assert "Act for yourself again" not in anna.get("/desk/me").text
    wrong = carl.post("/desk/me/delegations", {"to_name": "carl", "ends": last})
    assert (wrong.status_code, "one person" in wrong.text) == (422, True)


def test_a_deputy_gives_no_place_but_their_own(workbench: Workbench) -> None:
    """Who acts for another cannot pass that place on."""
    now = datetime.now(UTC)
    with workbench.store.writing() as work:
        delegate(work, "carl", "anna", now, now + timedelta(days=2), By("test"), now)
    anna = workbench.browser("anna")
    anna.post("/desk/acting-for", {"name": "carl"})
    last = (now + timedelta(days=1)).date().isoformat()
    anna.post("/desk/me/delegations", {"to_name": "vera", "begins": "", "ends": last})
    with workbench.store.reading() as work:
        assert {(one.from_name, one.to_name) for one in work.people.delegations()} == {
            ("carl", "anna"), ("anna", "vera")
        }  # fmt: skip


@pytest.mark.parametrize("name", ["vera", "anna", "carl", "emil"])
def test_only_administrators_see_and_change_users(workbench: Workbench, name: str) -> None:
    """Whoever may not let people in is not shown who is in."""
    browser = workbench.browser(name)
    assert browser.get("/desk/users").status_code == 403
    places = ("", "/end", "/password", "/person", "/keys", "/keys/end", "/delegations",
              "/delegations/end")  # fmt: skip
    for place in places:
        sent = browser.post(f"/desk/users{place}", {"name": "anna", "role": "administrator"})
        assert sent.status_code == 403, place
    own = browser.get("/desk/me")
    assert own.status_code == 200
    assert f"<code>user:{name}</code>" in own.text


def test_what_was_typed_is_no_markup(workbench: Workbench) -> None:
    """XSS: names and persons that an administrator was talked into."""
    dora = workbench.browser("dora")
    given = {"name": HOSTILE, "role": "viewer", "person": HOSTILE, "email": HOSTILE}
    assert dora.post("/desk/users", given).status_code == 303
    page = dora.get("/desk/users").text
    assert "alert(1)" in page
    assert HOSTILE not in page
    again = dora.post("/desk/users", given).text
    assert HOSTILE not in again


def test_every_permission_is_put_into_words() -> None:
    """The table of roles leaves nothing out."""
    assert set(PERMISSIONS) == {one for role in Role for one in role.permissions}


def test_days_of_a_form_are_whole_days() -> None:
    """The last day counts to its end; this day begins at once."""
    now = datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert span_of("", "2026-03-02", now) == (now, datetime(2026, 3, 3, tzinfo=UTC))
    assert span_of("2026-03-01", "2026-03-01", now)[0] == now
    assert span_of("2026-03-05", "2026-03-06", now)[0] == datetime(2026, 3, 5, tzinfo=UTC)
