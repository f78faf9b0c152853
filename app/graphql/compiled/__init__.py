"""Compiled operations: build responses from rows without visiting every field of every object.

README.md explains how it works, what each part gains, and how to delete the package.
"""

from app.graphql.compiled.operations import CompiledOperations

__all__ = ["CompiledOperations"]
