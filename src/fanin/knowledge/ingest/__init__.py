"""Adds files to a knowledge base: finds them, reads them on all cores, stores them, and reports each stored one."""
