"""The guarded HTTP client: all requests of fanin go through it."""
