"""Backups: made while the system is in use, checked by restoring them, kept as long as the rotation says."""
