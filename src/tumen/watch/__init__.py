"""What changes while nobody looks: lists renewed, differences told, books screened again.

Truth: list versions, deltas, standing hits, events and deliveries, all in the store. A run
derives what is to be done from them, so that one that was killed is taken up by the next.
"""
