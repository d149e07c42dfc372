"""Files that are rows: values separated by commas and the like, and JSON lines."""
