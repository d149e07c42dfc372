"""The embedded knowledge base: a person's own documents in one SQLite file, found by words and by meaning.

await update(path, roots=(added(path, "notes"),), report=print)
Knowledge(path).search("how do I …?")
"""
