"""Readers of file formats that several lists share."""
