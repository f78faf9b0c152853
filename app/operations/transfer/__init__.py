"""A person's own data, out of here and in again, and what they said elsewhere."""
