"""`make fuzz`: hostile input for every parser that reads what others wrote. See __main__.py."""
