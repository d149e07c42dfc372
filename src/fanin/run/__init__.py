"""One question from start to end: what each source delivered, what was made of it, and the answer by the deadline."""
