"""Write src/tumen/matching/word_shares.txt: how common words are in published names.

Counts words per culture over the names of official lists given as files (OFAC's and the UN's
are free to reuse) and keeps those in at least 4 of 10,000 names: numbers, no names of parties.
Run: python tools/build_word_shares.py PATH…
"""

import sys
from collections import Counter
from pathlib import Path

from tumen.matching.facts import facts_of
from tumen.names.name import read_name
from tumen.screening.snapshots import snapshot_from_files

LEAST = 4e-4
snapshot = snapshot_from_files(sys.argv[1:])
words: Counter[str] = Counter()
names: Counter[str] = Counter()
for number in range(len(snapshot)):
    facts = facts_of(snapshot.listed(number).entity)
    for text, _ in facts.names:
        for reading in read_name(text, facts.bearer):
            names[reading.culture] += 1
            words.update({f"{reading.culture}:{word}" for word in reading.words})
lists = ", ".join(f"{v['list_id']} of {v['published_on']}" for v in snapshot.meta["versions"])
lines = [
    f"# Share of listed names that hold a word, from {lists}; made by",
    f"# tools/{Path(__file__).name}.",
]
for word, count in sorted(words.items()):
    share = count / names[word.split(":")[0]]
    if share >= LEAST and count >= 5:
        lines.append(f"{word}\t{share:.5f}")
target = Path(__file__).parents[1] / "src/tumen/matching/word_shares.txt"
target.write_text("\n".join(lines) + "\n", encoding="utf-8")
print(f"{len(lines)} words from {sum(names.values())} readings")
