"""The HTTP API: it translates requests into questions, and events of runs into responses."""
