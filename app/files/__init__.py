"""Files in messages: uploads, what they contain, and how they are sent back."""
