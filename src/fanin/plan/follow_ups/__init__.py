"""Questions that go on from the one before: what they leave out is taken from it (pure)."""
