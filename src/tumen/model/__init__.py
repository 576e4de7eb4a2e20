"""The vocabulary: frozen dataclasses around FollowTheMoney entities, partial dates, reasons."""
