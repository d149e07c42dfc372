"""The chat completions of OpenAI on top of runs, so that any client of them can ask fanin as if it were a model."""
