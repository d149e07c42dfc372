"""Programs that fanin starts: each in a process group of its own, with few variables, and ended for sure."""
