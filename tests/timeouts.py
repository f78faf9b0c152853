"""The timeout of tests in seconds: long enough for slow machines, so it is no statement about speed."""

TIMEOUT = 120.0
