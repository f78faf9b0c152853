"""What a new wish clashes with: found among what stands, judged by Claude or by local rules, held for the user."""
