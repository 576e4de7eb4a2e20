"""The evidence file of a case or of a search: what a third party needs to re-create a decision.

`collect` gathers it as plain data, `pdf` sets it on paper, `archive` packs it with a manifest of
hashes, `verify` checks a file without the store that it came from.
"""
