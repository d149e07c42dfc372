"""The kinds of workers: an interpreter, a process, a thread, and a job in an executor of the user."""
