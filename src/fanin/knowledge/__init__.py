"""The embedded knowledge base: a person's own documents in one SQLite file, found by words and by meaning.

`ingest` brings files in (`ingest.updating.add_paths`), `formats` read them, `store` keeps them, and `search` finds them
(`search.searching.Knowledge`).
"""
