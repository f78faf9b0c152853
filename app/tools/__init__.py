"""Tools: what the assistant, the offline rules, other programs and the API can do with the record."""
