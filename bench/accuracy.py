"""Accuracy of both engines: labelled pairs, listed and ordinary people, the public benchmark."""

from __future__ import annotations

import tumen
from bench import pairs, peer_screening, people, ssb_set
from bench.alone import WORKERS
from bench.data import Entity
from bench.peer import PairScore
from bench.peer_candidates import CANDIDATES
from bench.peer_ssb import peer_names, tumen_names
from bench.report import Row, Section, at_least, at_most, without_goal
from bench.run import COLUMNS, Run
from tumen import Screener

# How many ordinary people the peer screens: it would take an hour for all.
PEER_PEOPLE = 10_000


def _tumen(left: Entity, right: Entity) -> float:
    return tumen.compare(left, right).score


def _both(run: Run, name: str, found: list[pairs.Pair]) -> tuple[pairs.Result, pairs.Result]:
    peer = pairs.measure(found, PairScore(name))
    run.say(f"{name}: logic-v2 F1 {peer.f1:.3f}, AUC {peer.auc:.3f}")
    ours = pairs.measure(found, _tumen)
    run.say(f"{name}: tumen F1 {ours.f1:.3f}, AUC {ours.auc:.3f}")
    return peer, ours


def labelled_pairs(run: Run) -> Section:
    """The three sets of labelled pairs."""
    peer, ours = _both(run, "name_pairs_dev.csv", pairs.name_pairs())
    rows = [
        at_least("name pairs (417): F1 at 0.70", peer.f1, ours.f1, 0.90),
        at_least("name pairs: AUC", peer.auc, ours.auc, 0.95),
    ]
    peer, ours = _both(run, "crosslist_pairs_dev.csv", pairs.crosslist_pairs())
    rows += [
        at_least("pairs across lists (1,115): F1 at 0.70", peer.f1, ours.f1, 0.96),
        at_least("pairs across lists: AUC", peer.auc, ours.auc, 0.99),
        at_most("pairs across lists: share of 1.0", peer.exactly_one, ours.exactly_one, 0.05),
    ]
    peer, ours = _both(run, "alias_pairs_dev.csv", pairs.alias_pairs())
    for group, recall, false in _ALIAS_GOALS:
        rows += _alias_rows(group, recall, false, peer.groups[group], ours.groups[group])
    return Section("Labelled pairs", _PAIRS_TEXT, tuple(rows))


_ALIAS_GOALS = (
    ("korean", 0.88, 0.03),
    ("russian", 0.80, 0.005),
    ("arabic_persian", 0.60, 0.03),
    ("other", None, None),
)
_PAIRS_TEXT = """\
`name_pairs_dev.csv` asks whether two names are the same party; `crosslist_pairs_dev.csv` pairs
entries of different lists with human judgements (names and birth dates); `alias_pairs_dev.csv`
pairs a listed person's name with an own alias, or with the likest name of another (names only).
"""


def _alias_rows(
    group: str,
    recall: float | None,
    false: float | None,
    peer: tuple[float, float],
    ours: tuple[float, float],
) -> list[Row]:
    found, wrong = f"aliases, {group}: recall", f"aliases, {group}: false rate"
    if recall is None or false is None:
        return [
            without_goal(found, peer[0], ours[0]),
            without_goal(wrong, peer[1], ours[1], ".4f"),
        ]
    return [
        at_least(found, peer[0], ours[0], recall),
        at_most(wrong, peer[1], ours[1], false, ".4f"),
    ]


def listed_and_ordinary(run: Run) -> Section:
    """Recall on altered UN people with hits per 1,000 ordinary people, at one threshold."""
    rows = []
    for columns, words in COLUMNS.items():
        is_goal = columns == "whole"
        found = _found(run, whole=is_goal)
        hits = _raised(run, whole=is_goal)
        run.say(f"{words}: found {found}, hits per 1,000 {hits}")
        what = (f"UN people found, {words}", f"ordinary people with a hit in 1,000, {words}")
        if is_goal:
            rows += [
                at_least(what[0], *found, 0.995, ".2%"),
                at_most(what[1], *hits, 0.5, ".2f"),
            ]
        else:
            rows += [
                without_goal(what[0], *found, ".2%"),
                without_goal(what[1], *hits, ".2f"),
            ]
    return Section("Listed people found, ordinary people spared", _PEOPLE_TEXT, tuple(rows))


_PEOPLE_TEXT = f"""\
Lists: UN of 2026-02-27 and OFAC SDN of 2023-12-28. 342 UN-listed people under altered names;
found means a hit on the UN entry of that person (two of them were taken off that list by then:
on the OFAC entry). 50,000 invented ordinary people: how many of a thousand raise any hit.
logic-v2 scores the {CANDIDATES} nearest candidates that our index and letter groups find, as
yente does with its own, for the first {PEER_PEOPLE:,} of the ordinary people.
"""


def _found(run: Run, *, whole: bool) -> tuple[float, float]:
    screener = Screener.open(run.un_and_ofac)
    names, subjects = zip(*people.un_people(whole=whole), strict=True)
    entries = people.wanted_entries(screener.snapshot, names)
    wanted = [entries[name] for name in names]
    peer = peer_screening.screen(run.un_and_ofac, subjects, WORKERS).hits
    peer_found = sum(not ids.isdisjoint(hits) for ids, hits in zip(wanted, peer, strict=True))
    ours = people.found_share(wanted, list(screener.screen_many(subjects)))
    return peer_found / len(wanted), ours


def _raised(run: Run, *, whole: bool) -> tuple[float, float]:
    some = people.ordinary_people(whole=whole, count=run.sample(PEER_PEOPLE))
    peer = peer_screening.screen(run.un_and_ofac, some, WORKERS).hits
    everyone = people.ordinary_people(whole=whole, count=run.sample(50_000))
    screened = list(Screener.open(run.un_and_ofac).screen_many(everyone, workers=WORKERS))
    return 1000 * sum(map(bool, peer)) / len(some), people.hits_per_thousand(screened)


def screening_benchmark(run: Run) -> Section:
    """The public sanctions-screening-benchmark, class by class."""
    seeds = range(1) if run.is_quick else ssb_set.SEEDS
    peer = ssb_set.run(peer_names, seeds)
    run.say(f"logic-v2: recall {peer.recall:.3f}, false {peer.false_rate:.3f}")
    ours = ssb_set.run(tumen_names, seeds)
    run.say(f"tumen: recall {ours.recall:.3f}, false {ours.false_rate:.3f}")
    rows = [
        at_least("recall", peer.recall, ours.recall, 0.95, ".1%"),
        at_most("false hits", peer.false_rate, ours.false_rate, 0.20, ".1%"),
    ]
    for name in sorted(ours.cases):
        what = f"{name} ({ours.cases[name]})"
        figures = (peer.class_recall(name), ours.class_recall(name))
        if name == "initials":
            rows.append(without_goal(what, *figures, ".1%"))
        else:
            rows.append(at_least(what, *figures, 1.0 if name in _WHOLLY else 0.8, ".0%"))
    return Section("sanctions-screening-benchmark 0.1.0", _SSB_TEXT, tuple(rows))


_WHOLLY = {"homoglyph", "invisible_char", "double_collapse", "phonetic"}
_SSB_TEXT = """\
The package `sanctions-screening-benchmark` over 60 individuals of OFAC's list of 2023-12-28,
seeds 0 to 4, threshold 0.70. Each engine compares two names of persons. In a class the altered
name must bring its bearer first; a false hit is any hit on a name of nobody.
"""
