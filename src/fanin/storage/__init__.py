"""Where answers of sources and the health of sources outlive a process: a file, or a server that several share."""

from fanin.storage.store import Store, named_store, opened

__all__ = ["Store", "named_store", "opened"]
