"""The embedded knowledge base: the user's own documents in one SQLite file, found by words and by meaning.

`ingest` adds files (`ingest.updating.add_paths`), `store` stores them, and `search` finds passages
(`search.knowledge.Knowledge`).
"""
