"""The interfaces: each presents the same stream of events."""
