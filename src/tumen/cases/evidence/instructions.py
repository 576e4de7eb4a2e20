"""How to verify an evidence file without us, in words and with nothing but Python."""

from __future__ import annotations

STEPS = (
    "In the archive, manifest.json names every other file with its size and SHA-256. Compare "
    "them with what “sha256sum” says. No file may be missing, and none too many.",
    "evidence.json is the same in the archive and in the PDF (as an attached file). Its SHA-256 "
    "stands at the foot of every page.",
    "Each record of “history” is the text that was hashed, and its SHA-256. The state of the "
    "case, its decisions and who took part follow from these records and nothing else: a "
    "decision needs a record “recommended” by one person and a later one “approved” by another.",
    "Each record of “audit” is the text that was hashed. Its hash is the SHA-256 of the hash "
    "before it (64 letters) followed by that text. Its “after” is the SHA-256 of the record of "
    "the case that it speaks of.",
    "Where “hashed” of a screening is a text, its SHA-256 is the result hash of that screening.",
    "“tumen evidence verify FILE” does all of this; with “--store URL” it also compares with the "
    "audit log and the list versions of the store that the file came from. Only this shows that "
    "a file was not made up as a whole: ask whoever runs the store for it, or note the hash of "
    "the file when it is handed over.",
)

SCRIPT = """\
import hashlib, json

def sha256(data):
    return hashlib.sha256(data).hexdigest()

manifest = json.load(open("manifest.json", encoding="utf-8"))
for one in manifest["files"]:
    data = open(one["name"], "rb").read()
    assert (len(data), sha256(data)) == (one["size_bytes"], one["sha256"]), one["name"]
evidence = json.load(open("evidence.json", encoding="utf-8"))
for one in evidence["history"]:
    assert sha256(one["text"].encode()) == one["sha256"], one["sequence"]
for one in evidence["audit"]["records"]:
    linked = (one["previous_hash"] + one["text"]).encode()
    assert sha256(linked) == one["hash"], one["sequence"]
for one in evidence["screenings"]:
    if one["hashed"] is not None:
        assert sha256(one["hashed"].encode()) == one["result_hash"], one["screening_id"]
print("All hashes are right")
"""


def instructions(digest: str) -> str:
    """The text of VERIFY.txt; `digest` is the SHA-256 of evidence.json."""
    steps = "\n\n".join(f"{number}. {text}" for number, text in enumerate(STEPS, start=1))
    return (
        f"How to verify this evidence file\n\nSHA-256 of evidence.json: {digest}\n\n{steps}\n\n"
        "The same in Python 3 with nothing installed: unpack the archive, go into its folder, "
        f"and run what follows.\n\n{SCRIPT}"
    )
