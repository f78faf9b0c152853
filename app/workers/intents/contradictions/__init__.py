"""Finds contradictions of a new intent with earlier records: decisions, approved specifications and intents."""
