"""Reports as one file of HTML that opens offline, and needs no script."""
