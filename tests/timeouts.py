"""How long a test waits for what must happen. It says nothing of speed: the slowest machine is to get there."""

TIMEOUT = 120.0
