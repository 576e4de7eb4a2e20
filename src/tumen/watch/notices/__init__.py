"""Notices: who is told of which event, by terminal, mail, webhook or feed.

Truth: the events and deliveries in the store's outbox. A notice is derived from them each time
that it is sent, under an id that stays the same.
"""
