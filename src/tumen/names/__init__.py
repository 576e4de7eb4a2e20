"""What a name is made of, per script and culture: words, titles, legal forms, romanisations."""
