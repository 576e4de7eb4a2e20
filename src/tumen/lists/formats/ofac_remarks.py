"""The remarks of OFAC's CSV files: labelled clauses, parted by `; `, read into fields.

`DOB 24 Feb 1968; alt. DOB 1970; POB Seoul; Passport 123 (Korea, North) expires 01 Jan 2020;
a.k.a. 'NICKNAME'; Linked To: SOME COMPANY.`
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from tumen.lists.formats.ofac_common import OfacEntryBuilder
from tumen.lists.formats.ofac_labels import Detail, add_detail, find_label, published_labels
from tumen.model.listing import Link, NameKind, NameQuality

_SPLIT = re.compile(r";\s*")
_ALT = re.compile(r"^alt\.\s+", re.IGNORECASE)
_NICK = re.compile(r"([afnd]\.[kb]\.a\.)\s*,?\s*['\"]\s*(.+?)\s*['\"]?\s*", re.IGNORECASE)
_COUNTRY = re.compile(r"\s*\(([^()]*(?:\([^()]*\))?[^()]*)\)\s*$")
_ISSUED = re.compile(r"\s+issued\s+(.+)$")
_EXPIRES = re.compile(r"\s+expires\s+(.+)$")
_WALLET = re.compile(r"(Digital Currency Address - \S+) (\S+)")
_LINKED = re.compile(r"\(?Linked [Tt]o:?\s*(.+?)\)?")
_EMAIL = re.compile(r"(\S+@\S+\.\w+)(?:\s*\(email\)\.?)?")
_WEBSITE = re.compile(r"((?:https?://|www\.)\S+)(?:\s*\(website\))?")
_FAMILY = re.compile(
    r"((?:half-|step)?(?:daughter|son|wife|husband|spouse|brother|sister|child|father|mother|uncle"
    r"|nephew|niece|cousin)(?:-in-law)?) of (.+)",
    re.IGNORECASE,
)
_NAME_KINDS = {
    "a.k.a.": NameKind.ALIAS,
    "f.k.a.": NameKind.FORMER,
    "n.k.a.": NameKind.ALIAS,
    "d.b.a.": NameKind.ALIAS,
}
_HONORIFICS = {
    "haji", "hajji", "dr", "doctor", "engineer", "maulana", "moulana", "maulawi", "mulawi",
    "mullah", "mufti", "qari", "hojjatoleslam", "ayatollah", "shaykh", "sheikh", "ustad", "ustadz",
}  # fmt: skip
# Whom the members of the Palestinian Legislative Council (programme NS-PLC) were elected for.
_PARTY = re.compile(r"(?:HAMAS|PFLP|DFLP)(?: - .+)?")
# OFAC gives a person's second post no label; the word for the post tells it from other notes.
_POST = re.compile(
    r"\b(?:minister|member|director|head|president|chairman|chairwoman|chairperson|chair|commander"
    r"|governor|general|brigadier|major|colonel|col|captain|admiral|ambassador|secretary|leader"
    r"|officer|official|manager|representative|advisor|adviser|prosecutor|judge|magistrate|speaker"
    r"|mayor|founder|coordinator|employee|counsell?or|owner|partner|shareholder|spokes(?:man|woman|person)"
    r"|chief|agent|professor|marshal|administrator|inspector|superintendent|ceo|treasurer|deputy"
    r"|senator|commissioner|supervisor|warden|rector|aide|constituent|figure|businessman|dealer"
    r"|staff|indictee|lieutenant|led|oversaw|delegate|attache|trustee|principal|operative|envoy|diplomat|ombudsman|congressman|mp)\b",
    re.IGNORECASE,
)


def split_clauses(remarks: str) -> list[str]:
    """The clauses of a remark, without the full stop at its end."""
    text = remarks.strip()
    if text.endswith(".") and not text.endswith((" No.", "a.k.a.")):
        text = text[:-1]
    return [clause.strip() for clause in _SPLIT.split(text) if clause.strip(" ;.")]


def read_remarks(builder: OfacEntryBuilder, remarks: str, *, is_cut: bool = False) -> int:
    """Put every clause of a remark where it belongs; says how many were not understood.

    Those are counted in `unknown` as `remark: <first words>`, and kept in `notes`. With
    `is_cut` the last clause is only a beginning: half a wallet address is no address.
    """
    builder.add_remark(remarks)
    clauses = split_clauses(remarks)
    missed = 0
    if is_cut and clauses:
        missed = 1
        builder.unknown["remark: cut off"] += 1
        builder.add("notes", f"{clauses.pop()} …", "Remarks")
    for clause in clauses:
        if not _read_clause(builder, clause):
            missed += 1
            builder.unknown[f"remark: {' '.join(clause.split()[:2])}"] += 1
            builder.add("notes", clause, "Remarks")
    return missed


def _read_clause(builder: OfacEntryBuilder, clause: str) -> bool:
    plain = _ALT.sub("", clause, count=1)
    return (
        _read_nickname(builder, plain)
        or _read_linked(builder, plain)
        or _read_labelled(builder, plain)
        or _read_contact(builder, plain)
        or (builder.is_person and _read_personal(builder, plain))
    )


def _read_nickname(builder: OfacEntryBuilder, clause: str) -> bool:
    found = _NICK.fullmatch(clause)
    if found:
        kind = _NAME_KINDS[found.group(1).lower()]
        builder.add_published_name(found.group(2), "Remarks", kind=kind, quality=NameQuality.WEAK)
    return found is not None


def _read_linked(builder: OfacEntryBuilder, clause: str) -> bool:
    found = _LINKED.fullmatch(clause)
    return found is not None and add_detail(builder, Detail("Linked To", found.group(1)))


def _read_labelled(builder: OfacEntryBuilder, clause: str) -> bool:
    wallet = _WALLET.fullmatch(clause)
    if wallet:
        return add_detail(builder, Detail(wallet.group(1), wallet.group(2), raw=clause))
    found = _label_at_start(clause)
    if found is None:
        return False
    label, value = found.group(1), clause[found.end() :].strip().removeprefix("- ")
    known = find_label(label)
    is_document = known is not None and known[0] in ("identifier", "registration")
    detail = _document(label, value, clause) if is_document else Detail(label, value, raw=clause)
    return add_detail(builder, detail)


def _read_contact(builder: OfacEntryBuilder, clause: str) -> bool:
    for prop, pattern in (("email", _EMAIL), ("website", _WEBSITE)):
        found = pattern.fullmatch(clause)
        if found:
            builder.add(prop, found.group(1), "Remarks", raw=clause)
            return True
    return False


def _read_personal(builder: OfacEntryBuilder, clause: str) -> bool:
    family = _FAMILY.fullmatch(clause)
    if family:
        builder.link(Link("Family", "", family.group(2), family.group(1)))
    elif clause.lower().rstrip(".") in _HONORIFICS:
        builder.add("title", clause, "Remarks")
    elif _PARTY.fullmatch(clause):
        builder.add("political", clause, "Remarks")
    elif _POST.search(clause):
        builder.add("position", clause, "Remarks")
    else:
        return False
    return True


def _document(label: str, value: str, raw: str) -> Detail:
    """Take `123 (Iran) issued 2001 expires 2011` apart."""
    value, expires = _cut(_EXPIRES, value)
    value, issued = _cut(_ISSUED, value)
    number, country = _cut(_COUNTRY, value)
    return Detail(label, number.strip(), country, issued, expires, raw)


def _cut(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    found = pattern.search(text)
    return (text[: found.start()], found.group(1)) if found else (text, "")


def _label_at_start(clause: str) -> re.Match[str] | None:
    """The longest label that a clause begins with; looked up by its first word, for speed."""
    words = clause.split(maxsplit=1)
    pattern = _label_patterns().get(_first_key(words[0])) if words else None
    return pattern.match(clause) if pattern else None


@cache
def _label_patterns() -> Mapping[str, re.Pattern[str]]:
    """Labels by their first word: each a pattern of the label and what joins it to the value."""
    by_word: dict[str, list[str]] = defaultdict(list)
    for label in sorted(published_labels(), key=len, reverse=True):
        by_word[_first_key(label.split()[0])].append(re.escape(label))
    return {
        word: re.compile(
            # `Listing Date (EO 14024 Directive 2)`, `Effective Date (CMIC)`: part of the label.
            rf"((?:{'|'.join(choice)})(?:\s\((?:CMIC|EO\s[^()]*)\))?)(?=[\s:#.,]|$)[.,]?"
            r"(?:\s*(?:No\.?(?=\s|$)|Number(?=\s|$)|[#:]))*\s*",
            re.IGNORECASE,
        )
        for word, choice in by_word.items()
    }


def _first_key(word: str) -> str:
    return word.casefold().partition(":")[0].partition("#")[0].rstrip(".,")
