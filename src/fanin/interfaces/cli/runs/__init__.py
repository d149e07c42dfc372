"""The commands about kept runs: list, show, replay, export and delete them."""
