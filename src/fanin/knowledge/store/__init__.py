"""The knowledge base's one file: opened, written, and checked."""
