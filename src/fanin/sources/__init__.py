"""Where documents come from: one file per kind of source, and `source.py`, what they all are."""
