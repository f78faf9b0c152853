"""Load test for a running system: speed, failures, lost events."""
