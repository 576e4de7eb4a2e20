"""Candidates, features and the readable score. Pure: no database, no web, no clock."""
