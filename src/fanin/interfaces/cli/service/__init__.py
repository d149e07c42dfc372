"""The commands about the HTTP service: start it, and its keys."""
