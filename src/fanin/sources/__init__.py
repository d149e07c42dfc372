"""Where documents come from: one file or package per kind of source; `source.py` defines what a source is."""
