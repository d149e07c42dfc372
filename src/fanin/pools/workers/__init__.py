"""The kinds of workers, seen from the event loop, and the crew that keeps them."""
