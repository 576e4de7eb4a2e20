"""Files that people put beside cases: what may come in, told by what is in them.

Nobody here looks for viruses. What is refused is what runs when somebody opens it: scripts,
macros, programs, and files that are two things at once.
"""
