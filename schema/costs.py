"""Costs of fields, in addition to one point per field, as metadata of the field definition.

`points` count in the cost of the operation and in the viewer's rate. `scarce` points also count in the lower rate for
model calls and searches.
"""

CALLS_MODEL = {"points": 50, "scarce": True}
SEARCHES = {"points": 20, "scarce": True}
COUNTS = {"points": 20}
# A text that may have hundreds of kilobytes.
LONG_TEXT = {"points": 5}
