"""All mutations on one page."""

import strawberry

from resolvers.actions import accept_action, dismiss_action, undo_action
from resolvers.contradictions import resolve_contradiction
from resolvers.conversations import archive_conversation, delete_conversation, rename_conversation, update_conversation
from resolvers.decisions import delete_decision, record_decision, set_decision_status, update_decision
from resolvers.identity import change_password, claim_ownership, create_token, revoke_token, sign_in, sign_out
from resolvers.intents import (
    cancel_intent,
    complete_intent,
    confirm_intent,
    create_intent,
    delete_intent,
    reopen_intent,
    retry_intent,
    start_intent,
    update_intent,
)
from resolvers.members import accept_invitation, create_invitation, mute_project, set_project_member
from resolvers.memories import archive_memory, delete_memory, keep_memories, save_memory
from resolvers.messages import (
    continue_reply,
    delete_message,
    edit_message,
    regenerate_reply,
    select_version,
    send_message,
    stop_reply,
)
from resolvers.model_configuration import remove_model_configuration, save_model_configuration, test_model_configuration
from resolvers.notifications import mark_notifications_read
from resolvers.projects import archive_project, delete_project, move_to_project, save_project
from resolvers.search import rate_search_hit
from resolvers.specifications import delete_specification, restore_specification, save_specification
from resolvers.trash import restore
from resolvers.viewer import update_viewer
from resolvers.webhooks import (
    delete_webhook,
    replay_webhook_deliveries,
    rotate_webhook_secret,
    save_webhook,
    send_test_webhook,
)
from schema.actions import Action
from schema.assistant import ModelConfiguration
from schema.contradictions import Contradiction
from schema.conversations import Conversation
from schema.costs import CALLS_MODEL, SEARCHES
from schema.decisions import Decision
from schema.identity import CreateTokenPayload, SignInPayload, Token
from schema.intents import Intent
from schema.members import Invitation
from schema.memories import Memory
from schema.messages import Message, SendMessagePayload
from schema.node import Node
from schema.projects import Project
from schema.search import HitRating
from schema.specifications import Specification
from schema.viewer import Viewer
from schema.webhooks import SaveWebhookPayload, WebhookDelivery


@strawberry.type(description="All mutations. Subscriptions deliver every change.")
class Mutation:
    send_message: SendMessagePayload = strawberry.field(
        metadata=CALLS_MODEL,
        resolver=send_message,
        description="Send a message. A reply is started, and the message may raise intents.",
    )
    stop_reply: Message = strawberry.field(
        resolver=stop_reply, description="Stop a reply and keep the text so far. No effect when it has ended."
    )
    regenerate_reply: Message = strawberry.field(
        metadata=CALLS_MODEL,
        resolver=regenerate_reply,
        description="Write a finished reply again, as a new version; the earlier one stays, "
        "with what follows it. A reply that failed without a text is written again in its place.",
    )
    continue_reply: Message = strawberry.field(
        metadata=CALLS_MODEL,
        resolver=continue_reply,
        description="Continue a reply that was cut off (`incomplete`): the model goes on after its text, in the same "
        "message.",
    )
    edit_message: SendMessagePayload = strawberry.field(
        metadata=CALLS_MODEL,
        resolver=edit_message,
        description="Edit a message of yours: a new version that is answered from there. The earlier version stays, "
        "with what follows it and what was done because of it; replies that are being written there are stopped.",
    )
    select_version: Conversation = strawberry.field(
        resolver=select_version,
        description="Show this version of a message, with what follows it: it is shown, searched and given to the "
        "model. No record changes: see `Message.actionsOfOtherVersions`.",
    )
    delete_message: strawberry.ID = strawberry.field(
        resolver=delete_message,
        description="Delete a message with the replies to it, into the trash. When it has other versions, what follows "
        "this version is deleted with it, and the newest other version is shown.",
    )
    rename_conversation: Conversation = strawberry.field(
        resolver=rename_conversation, description="Rename a conversation."
    )
    update_conversation: Conversation = strawberry.field(
        resolver=update_conversation,
        description="Change the title, the model, the project or the visibility of a conversation.",
    )
    archive_conversation: Conversation = strawberry.field(
        resolver=archive_conversation, description="Archive a conversation, or restore it."
    )
    delete_conversation: strawberry.ID = strawberry.field(
        resolver=delete_conversation,
        description="Delete a conversation with its messages, into the trash. Its intents stay.",
    )
    create_intent: Intent = strawberry.field(
        metadata=CALLS_MODEL, resolver=create_intent, description="Create an intent."
    )
    update_intent: Intent = strawberry.field(
        resolver=update_intent, description="Change an intent before it is processed."
    )
    confirm_intent: Intent = strawberry.field(
        resolver=confirm_intent, description="Confirm an intent that is AWAITING_CONFIRMATION."
    )
    cancel_intent: Intent = strawberry.field(
        resolver=cancel_intent, description="Cancel an intent, also while it is processed."
    )
    retry_intent: Intent = strawberry.field(
        metadata=CALLS_MODEL, resolver=retry_intent, description="Retry an intent that is FAILED or CANCELLED."
    )
    start_intent: Intent = strawberry.field(
        resolver=start_intent, description="Start a to-do of yours: PENDING becomes PROCESSING."
    )
    complete_intent: Intent = strawberry.field(
        resolver=complete_intent,
        description="Complete a to-do of yours, PENDING or PROCESSING. The next one is created when it repeats.",
    )
    reopen_intent: Intent = strawberry.field(
        metadata=CALLS_MODEL,
        resolver=reopen_intent,
        description="Make an intent PENDING that is COMPLETED, FAILED or CANCELLED, or a to-do that was started.",
    )
    delete_intent: strawberry.ID = strawberry.field(
        resolver=delete_intent, description="Delete an intent, into the trash."
    )
    restore: Node = strawberry.field(
        resolver=restore,
        description="Restore a record from the trash, with what was deleted with it; a message with its conversation "
        "if that is in the trash too. CONFLICT when another record has its place now.",
    )
    resolve_contradiction: Contradiction = strawberry.field(
        resolver=resolve_contradiction, description="Resolve a contradiction, with the reason."
    )
    mark_notifications_read: int = strawberry.field(
        resolver=mark_notifications_read,
        description="Mark these notifications read, or all when `ids` is null; returns how many changed.",
    )
    accept_action: Action = strawberry.field(
        resolver=accept_action,
        description="Do what an action proposes; `arguments` replace those of the same name. Not with a token.",
    )
    dismiss_action: Action = strawberry.field(resolver=dismiss_action, description="Dismiss what an action proposes.")
    undo_action: Action = strawberry.field(
        resolver=undo_action,
        description="Restore the content and the status of what an action changed. CONFLICT when that changed since. "
        "Not with a token.",
    )
    save_specification: Specification = strawberry.field(
        resolver=save_specification, description="Save a specification. Every change is a revision."
    )
    delete_specification: strawberry.ID = strawberry.field(
        resolver=delete_specification, description="Delete a specification with its revisions, into the trash."
    )
    restore_specification: Specification = strawberry.field(
        resolver=restore_specification,
        description="Restore the text of an earlier revision. It becomes a new revision, a DRAFT.",
    )
    record_decision: Decision = strawberry.field(
        resolver=record_decision, description="Record a decision, and supersede those that it replaces."
    )
    update_decision: Decision = strawberry.field(
        resolver=update_decision,
        description="Edit the text of a decision. What was decided changes by recording a decision that supersedes it.",
    )
    set_decision_status: Decision = strawberry.field(
        resolver=set_decision_status,
        description="Accept, reject, withdraw or reopen (PROPOSED) a decision, with the reason. Accepting a superseded "
        "one withdraws the accepted one that superseded it; an intent whose contradiction was resolved by that waits "
        "again, unless it is in progress or has ended.",
    )
    delete_decision: strawberry.ID = strawberry.field(
        resolver=delete_decision, description="Delete a decision with its history, into the trash."
    )
    save_memory: Memory = strawberry.field(resolver=save_memory, description="Save a memory, new or existing.")
    keep_memories: list[Memory] = strawberry.field(
        resolver=keep_memories,
        description="Keep extracted memories of yours as they are, at most 100, all or none: they are reviewed. With "
        "`kept` false they wait for a review again. Saving a memory reviews it too. Only a person may do this, not a "
        "program with a token.",
    )
    archive_memory: Memory = strawberry.field(
        resolver=archive_memory, description="Archive a memory so that it is no longer used, or restore it."
    )
    delete_memory: strawberry.ID = strawberry.field(
        resolver=delete_memory, description="Delete a memory, into the trash."
    )
    rate_search_hit: HitRating | None = strawberry.field(
        metadata=SEARCHES,
        resolver=rate_search_hit,
        description="Say whether a hit of `search` was useful, wrong or outdated, or take it back. It changes the "
        "order of your own hits only. Returns your rating that now applies.",
    )
    save_project: Project = strawberry.field(resolver=save_project, description="Save a project, new or existing.")
    archive_project: Project = strawberry.field(
        resolver=archive_project,
        description="Archive a project, or restore it. Its records are found only when the project is named. Not the "
        "default project.",
    )
    delete_project: strawberry.ID = strawberry.field(
        resolver=delete_project,
        description="Delete an archived or empty project with all its records, into the trash; not the default one.",
    )
    create_invitation: Invitation = strawberry.field(
        resolver=create_invitation,
        description="Create a link that makes one user a member of the project. Only for its admins; not with a token.",
    )
    accept_invitation: Project = strawberry.field(
        resolver=accept_invitation, description="Join the project of an invitation. Not with a token."
    )
    set_project_member: Project = strawberry.field(
        resolver=set_project_member,
        description="Add a member to a project, change their role, or remove them. Only for its admins, but a member "
        "may remove themself. The last admin stays, and so does the owner of a default project. What a former member "
        "wrote and their to-dos stay. Not with a token.",
    )
    mute_project: Project = strawberry.field(
        resolver=mute_project, description="Get no notifications of the project any more, or get them again."
    )
    save_webhook: SaveWebhookPayload = strawberry.field(
        resolver=save_webhook,
        description="Create a webhook that gets the events of a project, at most 20 per project, or change one. Only "
        "for its admins; not with a token.",
    )
    rotate_webhook_secret: str = strawberry.field(
        resolver=rotate_webhook_secret,
        description="Replace the secret of a webhook; returns the new one, which is shown only once. For 24 hours "
        "requests are signed with both. Only for admins of its project; not with a token.",
    )
    send_test_webhook: WebhookDelivery = strawberry.field(
        resolver=send_test_webhook,
        description="Send a delivery of the type `webhook.test`. Only for admins of its project; not with a token.",
    )
    replay_webhook_deliveries: int = strawberry.field(
        resolver=replay_webhook_deliveries,
        description="Send dead deliveries of a webhook again; returns how many. Only for admins of its project; not "
        "with a token.",
    )
    delete_webhook: strawberry.ID = strawberry.field(
        resolver=delete_webhook,
        description="Delete a webhook with its deliveries, for good. Only for admins of its project; not with a token.",
    )
    move_to_project: int = strawberry.field(
        resolver=move_to_project,
        description="Move conversations, intents, specifications, decisions and memories to a project, all or none. "
        "What was made in a conversation moves with it. Decisions get numbers of the project, and they and the intents "
        "are compared with its decisions. Returns how many of the records were in another project before.",
    )
    save_model_configuration: ModelConfiguration = strawberry.field(
        resolver=save_model_configuration,
        description="Store the model of a local installation; the next reply uses it. Only for its owner.",
    )
    remove_model_configuration: ModelConfiguration = strawberry.field(
        resolver=remove_model_configuration,
        description="Forget the stored model and its key; the next reply is written without it. Only for the owner.",
    )
    test_model_configuration: str = strawberry.field(
        metadata=CALLS_MODEL,
        resolver=test_model_configuration,
        description="Send one tiny request to a model, and return the name of the model. Only for a local owner.",
    )
    update_viewer: Viewer = strawberry.field(
        resolver=update_viewer, description="Change your own time zone or display name."
    )
    sign_in: SignInPayload = strawberry.field(
        resolver=sign_in, description="Start a session with your name and password. The response sets its cookie."
    )
    claim_ownership: SignInPayload = strawberry.field(
        resolver=claim_ownership,
        description="Become the first owner, with the code that the first start printed. Works once.",
    )
    sign_out: bool = strawberry.field(
        resolver=sign_out,
        description="End this session with its sockets and streams. Returns whether it still existed.",
    )
    change_password: bool = strawberry.field(
        resolver=change_password,
        description="Change your password. Your other sessions end, and your tokens are revoked unless `keepTokens`.",
    )
    create_token: CreateTokenPayload = strawberry.field(
        resolver=create_token,
        description="Create a token for a program. Requires a session: a token cannot create another.",
    )
    revoke_token: Token = strawberry.field(
        resolver=revoke_token, description="Revoke one of your tokens, with the sockets and streams that use it."
    )
