"""Many questions: read from a file, asked side by side, kept as they are answered, and written once."""
