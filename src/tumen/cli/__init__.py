"""The command line: thin commands that read the clock and the settings, and hand them down."""
