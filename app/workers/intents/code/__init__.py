"""Runs code with the Claude Agent SDK: confined to one directory, with a list of tools, a time-out and a record."""
