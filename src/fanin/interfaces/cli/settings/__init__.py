"""The commands about the settings file: write one, list what it declares, and try that out."""
