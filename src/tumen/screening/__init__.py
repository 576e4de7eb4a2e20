"""Books of parties in, screenings out; the only place where a threshold is applied."""
