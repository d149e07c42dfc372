"""Writes answers from the passages with a language model, within the budget, and checks them against its citations."""
