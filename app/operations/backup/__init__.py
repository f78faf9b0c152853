"""Backups: created while the database is in use, verified by restoring them, and rotated."""
