"""The service: the same answers over HTTP."""
