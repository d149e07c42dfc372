"""The events of a question as JSON: each one whole, as what it changed, and all so far as one state."""
