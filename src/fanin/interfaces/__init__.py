"""The ways in: each one turns the same stream of events into what its reader can use."""
