"""The ports of the other rooms, measured: each class stands before one and hands everything on."""
