"""Speed and memory: books of parties, one party, lists from files to ready."""

from __future__ import annotations

from bench import lists, peer_screening, people
from bench.alone import WORKERS, run_alone
from bench.peer_candidates import CANDIDATES
from bench.report import Section, at_least, at_most, without_goal
from bench.run import COLUMNS, Run

# How many people the peer is timed on.
PEER_SPEED = 2_000


def throughput(run: Run) -> Section:
    """Parties a second on two cores, against all real lists."""
    folder, figures = run.real
    rows = []
    for columns, words in COLUMNS.items():
        whole = columns == "whole"
        sample = people.ordinary_people(whole=whole, count=run.sample(PEER_SPEED))
        peer = peer_screening.screen(folder, sample, WORKERS)
        run.say(f"{words}: logic-v2 {peer.rate:,.0f}/s, had {peer.had:.0%} of the cores")
        ours = run_alone("throughput", folder, columns, run.sample(50_000))
        run.say(f"{words}: tumen {ours}")
        times = ours["rate"] / peer.rate
        rows += [
            at_least(f"parties/s, {words}", peer.rate, ours["rate"], 10_000, ",.0f"),
            at_least(f"times logic-v2, {words}", None, times, 50, ",.0f"),
            without_goal("share of the two cores had", peer.had, ours["had"], ".0%"),
        ]
    text = _SPEED_TEXT.format(lists=lists.describe(), **figures)
    return Section("Throughput, all real lists, two cores", text, tuple(rows))


_SPEED_TEXT = f"""\
Lists: {{lists}}.
{{entities:,}} listed entities with {{readings:,}} readings of names. 50,000 distinct ordinary
people in two processes, timed from the call to the last result: starting the processes and
words never met before count. logic-v2 scores the {CANDIDATES} nearest candidates
of {PEER_SPEED:,} people in two processes; finding them, starting and loading its tables are not
counted. Where others worked on the machine meanwhile, the share of the cores shows it.
"""


def million_names(run: Run) -> Section:
    """Parties a second and memory against a million names."""
    folder, figures = run.million
    rows = []
    for columns, words in COLUMNS.items():
        ours = run_alone("throughput", folder, columns, run.sample(50_000))
        run.say(f"{words}: {ours}")
        memory = ours["peak_bytes"] / 2**30
        rows += [
            at_least(f"parties/s, {words}", None, ours["rate"], 3_000, ",.0f"),
            without_goal("share of the two cores had", None, ours["had"], ".0%"),
            at_most(f"peak memory (GB), {words}", None, memory, 2.0, ".2f"),
        ]
    text = _MILLION_TEXT.format(**figures)
    return Section("Throughput, a million names, two cores", text, tuple(rows))


_MILLION_TEXT = """\
All real lists, filled up to a million names with persons recombined from given and family names
of listed persons of one country: {entities:,} entities with {readings:,} readings. Memory is the
proportional set size of all screening processes together, the one that reads and collects
included, at its highest.
"""


def one_party(run: Run) -> Section:
    """One subject at a time in this process."""
    ours = run_alone("single", run.real[0])
    run.say(f"single: {ours}")
    rows = (
        at_most("median (ms)", None, ours["median"], 1.0, ".2f"),
        at_most("99th of 100 (ms)", None, ours["p99"], 5.0, ".2f"),
        without_goal("longest (ms)", None, ours["longest"], ".2f"),
    )
    text = "2,000 distinct people, all columns, after 100 others, against all real lists."
    return Section("One party in process", text, rows)


def loading(run: Run) -> Section:
    """From files to ready, and opening a snapshot."""
    folder, figures = run.real
    opened = sorted(run_alone("open", folder)["seconds"] for _ in range(3))[1]
    rows = (
        at_most("all real lists, files to ready (s)", None, figures["seconds"], 60, ".1f"),
        at_most("opening a built snapshot (s)", None, opened, 1.0, ".2f"),
    )
    text = "Each in a fresh process, imports included; opening is the median of three."
    return Section("Getting ready", text, rows)
