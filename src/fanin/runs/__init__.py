"""Runs beyond their answer: kept on a disk, listed, and shown again."""
