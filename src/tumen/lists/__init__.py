"""Official lists: one folder each, with its facts (`list.yml`) and its reader (`parse.py`)."""
