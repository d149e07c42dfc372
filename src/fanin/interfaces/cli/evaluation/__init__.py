"""The command `fanin eval` and those below it."""
