"""Bodies of replies: decompressed within limits, and decoded as text or JSON."""
