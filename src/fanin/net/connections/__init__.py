"""Connections: resolving names, checking addresses, and limiting their number."""
