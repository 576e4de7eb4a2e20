"""Casework: alerts gather in cases, people decide with four eyes, and the evidence is kept.

Truth: the records of a case (`CaseRecord`), only ever added to. What is derived: the case as it
stands, folded from them; it can be made again at any time.
"""
