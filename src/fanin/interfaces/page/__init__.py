"""The page for people: plain files, served as they are, that read the HTTP API in a browser."""
