"""An identifier that does not fit its row's type is screened as what it is, never left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tumen.matching.facts import IDENTIFIER_PROPERTIES
from tumen.model.entity import schemata
from tumen.screening.book import read_book
from tumen.screening.headings import is_party
from tumen.screening.held import is_of_another, without_currency
from tumen.screening.policy import Policy
from tumen.screening.rows import RowReader
from tumen.screening.run import screen_book
from tumen.screening.screener import Screener
from tumen.screening.subject import RecordProblem, Subject

ETHEREUM = "0x00000000000000000000000000000000000ABC01"
BITCOIN = "1InventedInventedInventedInvented1"


def read(*pairs: tuple[str, Any], **options: Any) -> list[Subject | RecordProblem]:
    """All that one row gives."""
    return RowReader("book.csv", **options).read([("id", "7"), *pairs], 2)


def described(*pairs: tuple[str, Any]) -> list[tuple[str, str, dict[str, tuple[str, ...]]]]:
    """Id, schema and properties of each subject of a row."""
    found = [one for one in read(*pairs) if isinstance(one, Subject)]
    return [(one.subject_id, one.entity.schema, dict(one.entity.properties)) for one in found]


@pytest.mark.parametrize("kind", ["Person", "Company", "Vessel"])
def test_a_wallet_of_a_party_is_a_second_subject(kind: str) -> None:
    """The party and each of its wallets are screened, and the result leads back to the row."""
    party, *wallets = read(("name", "Ann Test"), ("schema", kind), ("publicKey", f"{BITCOIN};abc"))
    assert isinstance(party, Subject)
    assert (party.subject_id, party.entity.schema, party.warnings) == ("7", kind, ())
    assert [one.subject_id for one in wallets] == ["7#wallet-1", "7#wallet-2"]
    assert {one.caption for one in wallets} == {"Wallet of Ann Test"}
    assert {one.where for one in wallets} == {"book.csv row 2"}
    assert isinstance(wallets[0], Subject)
    assert wallets[0].entity.schema == "CryptoWallet"
    assert wallets[0].entity.properties == {"publicKey": (BITCOIN,)}


def test_a_name_beside_a_wallet_is_that_of_its_holder() -> None:
    """Without a type the row is the holder; lists of wallets have no names to compare."""
    assert described(("name", "Ann Test"), ("publicKey", BITCOIN)) == [
        ("7", "LegalEntity", {"name": ("Ann Test",)}),
        ("7#wallet-1", "CryptoWallet", {"publicKey": (BITCOIN,)}),
    ]
    typed = (("schema", "wallet"), ("name", "Ann Test"), ("publicKey", BITCOIN), ("country", "KP"))
    assert described(*typed) == [
        ("7", "CryptoWallet", {"publicKey": (BITCOIN,), "country": ("kp",)}),
        ("7#holder-1", "LegalEntity", {"name": ("Ann Test",), "country": ("kp",)}),
    ]


def test_a_row_of_a_wallet_alone_is_that_wallet() -> None:
    """With a type or without; its caption is the address."""
    for kind in ((), (("schema", "wallet"),)):
        (found,) = read(("publicKey", ETHEREUM), *kind)
        assert isinstance(found, Subject)
        assert (found.entity.schema, found.caption) == ("CryptoWallet", ETHEREUM)


def test_a_person_without_a_name_is_not_screened_though_its_wallet_is() -> None:
    """The wallet's result does not stand in for the party's."""
    party, wallet = read(("schema", "person"), ("publicKey", BITCOIN))
    assert isinstance(party, RecordProblem)
    assert party.problem == "No name and no identifier"
    assert isinstance(wallet, Subject)
    assert wallet.caption == "Wallet of 7"


def test_a_wallet_row_without_an_address_says_so() -> None:
    """Its holder is screened all the same."""
    wallet, holder = read(("schema", "wallet"), ("name", "Ann Test"))
    assert isinstance(wallet, RecordProblem)
    assert wallet.mend == "Give the wallet's address"
    assert isinstance(holder, Subject)
    assert holder.caption == "Ann Test"


def test_strict_refuses_the_party_and_still_screens_the_wallet() -> None:
    """A broken date of the party says nothing of the wallet."""
    row = (("schema", "person"), ("name", "A"), ("birthDate", "x"), ("publicKey", BITCOIN))
    party, wallet = read(*row, is_strict=True)
    assert isinstance(party, RecordProblem)
    assert isinstance(wallet, Subject)


@pytest.mark.parametrize(
    ("kind", "prop", "expected"),
    [
        ("Person", "imoNumber", ("7#vessel-1", "Vessel")),
        ("Company", "mmsi", ("7#vessel-1", "Vessel")),
        ("Company", "passportNumber", ("7#person-1", "Person")),
        ("Vessel", "leiCode", ("7#party-1", "Company")),
        ("Airplane", "taxNumber", ("7#party-1", "Company")),
        ("Person", "serialNumber", ("7#aircraft-1", "Airplane")),
        ("Person", "isin", ("7#security-1", "Security")),
    ],
)
def test_other_identifiers_that_do_not_fit(kind: str, prop: str, expected: tuple[str, str]) -> None:
    """A ship manager's row may hold a ship's number, a ship's row its owner's."""
    party, other = described(("name", "Test"), ("schema", kind), (prop, "9074729"))
    assert party == ("7", kind, {"name": ("Test",)})
    assert other == (*expected, {prop: ("9074729",)})


def test_every_identifier_of_every_party_is_used_or_warned_of() -> None:
    """No column of a book that could identify somebody ends without effect and without a word."""
    parties = [name for name, schema in schemata().items() if is_party(schema)]
    for kind in parties:
        for prop in IDENTIFIER_PROPERTIES:
            found = read(("name", "Test"), ("schema", kind), (prop, "AB12345678"))
            if isinstance(found[0], RecordProblem):
                continue  # A wallet without an address: the row is not screened, and says so.
            subjects = [one.entity for one in found if isinstance(one, Subject)]
            is_used = any(("AB12345678",) in one.properties.values() for one in subjects)
            assert is_used or "played no part" in " ".join(found[0].warnings), (kind, prop)


def test_what_a_type_can_hold_stays_with_it() -> None:
    """FollowTheMoney knows companies with an IMO number and an ISIN of their own."""
    assert not is_of_another("imoNumber", "Company", fits=True)
    row = (("name", "T"), ("schema", "Company"), ("imoNumber", "9074729"), ("isin", "XS1"))
    (found,) = described(*row)
    assert found[2] == {"name": ("T",), "imoNumber": ("9074729",), "isinCode": ("XS1",)}


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        (f"ETH: {ETHEREUM}", ETHEREUM),
        (f"XBT {BITCOIN}", BITCOIN),
        (f"bitcoin:{BITCOIN}", BITCOIN),
        (BITCOIN, BITCOIN),
        (ETHEREUM, ETHEREUM),
        (f"bitcoincash:{BITCOIN}", f"bitcoincash:{BITCOIN}"),
        ("main wallet", "main wallet"),
    ],
)
def test_a_currency_before_an_address_is_no_part_of_it(cell: str, address: str) -> None:
    """Books write the currency; lists give the bare address."""
    assert without_currency(cell) == address


@pytest.mark.parametrize("heading", ["wallet", "Wallet address", "cryptoAddress", "public_key"])
def test_a_listed_wallet_in_a_persons_row_is_a_hit(tmp_path: Path, heading: str) -> None:
    """From the file to the result: other case, other subject, same row."""
    listed = {"id": "x:1", "schema": "CryptoWallet", "properties": {"publicKey": [ETHEREUM]}}
    screener = Screener.from_entities([listed])
    book = tmp_path / "book.csv"
    book.write_text(f"id,type,name,{heading}\n1,person,Ann Test,{ETHEREUM.lower()}\n")
    person, wallet = screen_book(read_book(book), screener, Policy())
    assert (person.subject_id, person.hits) == ("1", ())
    assert (wallet.subject_id, wallet.caption) == ("1#wallet-1", "Wallet of Ann Test")
    assert wallet.where == "book.csv row 2"
    assert [hit.entity_id for hit in wallet.hits if hit.is_hit] == ["x:1"]
