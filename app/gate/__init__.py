"""The gate: compares new intents and new decisions with the accepted decisions of a project, without a model."""
