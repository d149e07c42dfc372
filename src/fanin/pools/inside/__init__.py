"""Code that runs inside workers (interpreters, threads and processes); it imports only the standard library."""
