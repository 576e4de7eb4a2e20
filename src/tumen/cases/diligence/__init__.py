"""The due-diligence file of a party: what is known, what is missing, and who signed it.

Truth: the records of a file (`DiligenceRecord`), only ever added to. What the store knows of the
party by itself (the book, hits, cases, screenings) is read anew each time, and kept as it was
seen with each recommendation. Sections and fields are data: `sections.yml`.
"""
