"""Who gets in, what they may do, and how often: keys, users, single sign-on, limits."""
