"""Ask many sources at once, think on every core, answer on time."""
