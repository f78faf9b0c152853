"""Shared by the benchmarks of live updates: servers and crowds of subscribers, each in a separate process."""
