"""What the benches of live updates have in common: servers and crowds of subscribers, each a process of its own."""
