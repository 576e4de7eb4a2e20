"""EU annexes act by act, transcribed from the Official Journal."""
