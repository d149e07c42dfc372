"""How a connection is made: where a name leads, which address may be connected to, and how many at a time."""
