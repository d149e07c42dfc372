"""Bytes of files and pages as text with its structure, one module for each format; workers use them too."""
