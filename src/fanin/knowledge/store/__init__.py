"""Opens, reads, writes and checks the file of a knowledge base."""
