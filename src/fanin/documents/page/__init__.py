"""The parts of reading a web page: what is text, what is the main part, tables, and when it was published."""
