"""Wrappers that count, time and trace what the other packages do at their interfaces."""
