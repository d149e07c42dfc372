"""Drafts of questions from one's own documents, for a person to look through."""
