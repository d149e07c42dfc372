"""What runs inside a worker, be it an interpreter, a thread or a process: light standard library only."""
