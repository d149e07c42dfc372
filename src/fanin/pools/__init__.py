"""Where CPU work runs: worker interpreters, threads, processes, the event loop itself, or any executor of yours."""
