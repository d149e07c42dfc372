"""A second round: what the first one lacked, asked again where that may give something new."""
