"""The same answers for agents: a server of the Model Context Protocol that only reads.

It lies in the service because it is one more way to serve what the lower folders know. Derived:
an index in memory. The store is never written to.
"""
