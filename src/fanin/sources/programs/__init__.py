"""Programs that fanin starts: each in its own process group, with few environment variables, and always ended."""
