"""Export of one user's data, and import of such an export or of a chat export of Claude or ChatGPT."""
