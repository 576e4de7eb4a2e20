"""The Consolidated (non-SDN) Sanctions List of OFAC."""
