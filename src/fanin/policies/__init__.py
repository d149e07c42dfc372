"""What keeps a source honest: each policy wraps a source and is a source again, around a decision that is pure."""
