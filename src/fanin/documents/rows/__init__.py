"""Files that are read line by line: values separated by commas and the like, JSON lines, and Markdown."""
