"""Load on a running system, and what came of it: how fast, what failed, what was lost."""
