"""Policies: each wraps a source and gives a source again; its decision is a pure function."""
