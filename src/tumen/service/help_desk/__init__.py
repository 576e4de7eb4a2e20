"""The help desk behind its pages: requests, briefings, readers, and the letters that go out."""
