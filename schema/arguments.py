"""Descriptions of arguments, by name, or for one field by `field.argument`."""

from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

DESCRIPTIONS = {
    "actor": "Only what this actor did: a bridge, `agent:` with the name of a coding agent, or the id of a user.",
    "after": "Only the edges after this cursor; in a subscription, resume after it.",
    "agentId": "Only what this coding agent of yours did, with any of its tokens.",
    "allVersions": "Whether to include the messages that are not shown.",
    "arguments": "Arguments that replace those of the proposal.",
    "archived": "False restores it.",
    "asOf": "Take the statuses of this moment; null for now.",
    "assignee": "Only intents of this assignee.",
    "before": "Only the edges before this cursor.",
    "content": "The text of the message.",
    "acceptInvitation.code": "What the address of the invitation ends with.",
    "conversationId": "Only records of this conversation.",
    "days": "The number of days, 1 to 100, including today.",
    "explain": "Whether the next candidates follow the hits, as many again, with the reasons why they are not hits.",
    "first": "The number of edges from the start, at most 100.",
    "createInvitation.expiresAt": "Until when it can be accepted, at most 30 days from now; null for 7 days.",
    "createInvitation.projectId": "The project to join.",
    "createInvitation.role": "The role of the new member.",
    "decisionId": "The id of the decision.",
    "fromOffset": "The number of characters that you have already.",
    "id": "The id of the record.",
    "ids": "The ids of the records; null for all.",
    "includeArchived": "Include archived records.",
    "input": "The data to write.",
    "intentType": "Only intents of these types.",
    "keepMemories.ids": "The ids of the memories, at most 100.",
    "kept": "False takes the review back.",
    "kind": "Only records of this kind.",
    "kinds": "Only records of these kinds; null for all.",
    "labels": "Only intents with all of these labels.",
    "last": "The number of edges from the end, at most 100.",
    "messageId": "The id of the message or reply.",
    "messageType": "Only messages of this type.",
    "note": "What you did; it is stored as the result and in the history.",
    "orderBy": "The order of the list.",
    "previewContext.conversationId": "The conversation of the message; null for a new one.",
    "project.id": "The id of the project. Send either `id` or `slug`.",
    "memories.projectId": "Only the memories of this project and those that are about you; null for all.",
    "muted": "False for notifications again.",
    "moveToProject.ids": "The ids of the records, at most 1,000.",
    "moveToProject.projectId": "The project to move them to.",
    "previewContext.projectId": "The project of a message in a new conversation; null for the default project.",
    "projectId": "Only records of this project; null for all projects that are not archived.",
    "search.projectId": "Only records of this project and memories that are about you; null for all projects that are "
    "not archived.",
    "readTask.text": "One line, at most 4,000 bytes.",
    "readTask.timezone": "The IANA time zone of the times in the text of a user whose account has none.",
    "query": 'The text to search for. A period such as "last week" limits the time.',
    "reviewed": "False for your memories that wait for a review, true for those that were reviewed; null for all.",
    "reason": "The reason; it is stored in the history.",
    "replayWebhookDeliveries.deliveryIds": "The ids of the deliveries, at most 1,000; null for all dead ones.",
    "replayWebhookDeliveries.id": "The id of the webhook.",
    "setProjectMember.projectId": "The project.",
    "setProjectMember.role": "The role from now on; null removes the member.",
    "setProjectMember.userName": "The name of the user; the id of a user whose account has no name.",
    "setDecisionStatus.status": "ACCEPTED, REJECTED, WITHDRAWN, or PROPOSED to reopen it.",
    "since": "Only records from this time or later.",
    "slug": "The slug of the project. Send either `id` or `slug`.",
    "status": "Only records in one of these states.",
    "tags": "Only records with all of these tags.",
    "timezone": "The IANA time zone of the calendar days of a user whose account has none, for example Asia/Tokyo.",
    "title": "The new title.",
    "topic": 'Only decisions on this topic, in any language: "DB" finds those on データベース.',
    "unreadOnly": "Only unread notifications.",
    "until": "Only records from before this time.",
    "version": "The version whose text is restored.",
    "webhooks.projectId": "The project.",
    "deliveries.status": "Only deliveries in this state.",
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
                    raise LookupError(f"describe `{name}` of `{field_name}` in schema/arguments.py")
                argument.description = described
