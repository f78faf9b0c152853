"""Decisions as Markdown files: MADR is written, MADR and Nygard's form are read."""
