"""What each argument means: the same wherever its name stands, or said of one field as `field.argument`."""

from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

DESCRIPTIONS = {
    "after": "Only what stands behind this cursor.",
    "archived": "False brings it back.",
    "before": "Only what stands before this cursor.",
    "content": "The text.",
    "conversationId": "Only what belongs to this conversation.",
    "days": "How many days, 1 to 100, today included.",
    "decided": "Only those that are decided, or only those that are not.",
    "first": "How many at most, from the beginning.",
    "fromOffset": "How many characters are there already.",
    "id": "Which one.",
    "ids": "Which ones; all when it is left out.",
    "includeArchived": "With those that were archived.",
    "input": "What is to be written.",
    "intentType": "Only those of these types.",
    "kind": "Only those of this kind.",
    "kinds": "Only those of these kinds; all when it is left out.",
    "last": "How many at most, from the end.",
    "messageId": "Which reply.",
    "messageType": "Only those of this type.",
    "orderBy": "Which come first.",
    "previewContext.conversationId": "Where it would be said; a new conversation when it is left out.",
    "query": 'What to look for, in words; a time in it, such as "last week", counts as one.',
    "reason": "Why; it stands in the history.",
    "since": "Only what was written at this time or later.",
    "status": "Only those in one of these states.",
    "tags": "Only those with all of these tags.",
    "timezone": "Whose calendar: an IANA time zone, for example Asia/Tokyo.",
    "title": "What it is to be called.",
    "unreadOnly": "Without those that were read.",
    "until": "Only what was written before this time.",
}


def describe_arguments(schema: GraphQLSchema) -> None:
    """Give every argument of our fields its description. Raises LookupError for one that has none."""
    for type_ in schema.type_map.values():
        if not isinstance(type_, (GraphQLObjectType, GraphQLInterfaceType)) or type_.name.startswith("__"):
            continue
        for field_name, field in type_.fields.items():
            for name, argument in field.args.items():
                described = DESCRIPTIONS.get(f"{field_name}.{name}") or DESCRIPTIONS.get(name)
                if described is None:
                    raise LookupError(f"say in schema/arguments.py what `{name}` of `{field_name}` means")
                argument.description = described
