"""Measures accuracy and speed beside nomenklatura's logic-v2, and writes docs/benchmarks.md."""
