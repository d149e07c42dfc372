"""What comes back: unpacked within limits, and decoded as text or JSON."""
