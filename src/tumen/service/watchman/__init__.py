"""Watchman's v2 search API as a thin layer over our screening: pure mappings between the two."""
