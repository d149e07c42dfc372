"""The kinds of workers: an interpreter, a process, a thread, and a place in somebody else's executor."""
