"""`fanin batch`."""
