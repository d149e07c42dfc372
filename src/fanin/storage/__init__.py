"""Stores for cached answers and the health of sources across processes: a file, or a shared server."""

from fanin.storage.store import Store, named_store, open_store

__all__ = ["Store", "named_store", "open_store"]
