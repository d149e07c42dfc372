"""Pools for CPU work: worker interpreters, threads, processes, the event loop itself, or any executor."""
