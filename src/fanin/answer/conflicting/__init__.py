"""Whether quoted sentences contradict each other, and where they do."""
