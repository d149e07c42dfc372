"""Pages of which only the places of the words are known: their lines in reading order, columns and tables (pure)."""
