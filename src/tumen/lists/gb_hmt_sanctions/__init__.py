"""HM Treasury's consolidated list of financial sanctions targets, retired on 28 January 2026."""
