"""What a field costs beyond its one point, as metadata of its definition.

`points` counts in the cost of an operation and in the viewer's rate; `scarce` points also in the tighter rate of what
calls a model or searches.
"""

CALLS_MODEL = {"points": 50, "scarce": True}
SEARCHES = {"points": 20, "scarce": True}
COUNTS = {"points": 20}
