"""Answers that a language model writes from the passages: asked within the budget, checked against what it cites."""
