"""`fanin kb`: the knowledge base on the command line."""
