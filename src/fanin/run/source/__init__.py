"""One source within one run: the task that asks it, what it delivers, and the record of it."""
