"""Red notices that INTERPOL publishes."""
