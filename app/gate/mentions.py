"""Notifies the members whom a text mentions as `@name`."""

import re
import unicodedata
from collections.abc import Iterator
from uuid import UUID

from app.language.catalogue import render
from app.language.text import language_of, shortened
from sql.repositories.members import list_member_names
from sql.repositories.notifications import insert_notification
from sql.rows import JsonObject
from sql.statements import Connection

MENTION = "notification.mentioned"
CODE = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]*`", re.DOTALL)
IN_NAME = re.compile(r"[A-Za-z0-9_.%+-]")
MAX_MENTIONS = 50
MAX_NAME_CHARACTERS = 64


def mentioned(text: str, names: dict[str, str]) -> Iterator[str]:
    """The ids of the users whom the text mentions outside of code. `names`: their ids by name, case-folded.

    A name ends where no letter or digit of a name follows: "@bob," and "@bobさん" mention bob, "@bobby" does not.
    """
    plain = unicodedata.normalize("NFKC", CODE.sub(" ", text)).casefold()
    found = [match.end() for match in re.finditer("@", plain)][:MAX_MENTIONS]
    for start in found:
        if start > 1 and IN_NAME.match(plain[start - 2]):
            continue  # an e-mail address
        for length in range(min(MAX_NAME_CHARACTERS, len(plain) - start), 0, -1):
            after = plain[start + length : start + length + 2]
            # A full stop ends a sentence before a space.
            ends = not IN_NAME.match(after) or bool(re.fullmatch(r"\.\s?", after))
            if ends and (user := names.get(plain[start : start + length])):
                yield user
                break


def may_mention(text: str) -> bool:
    """Whether the text can mention anybody at all."""
    return "@" in text or "＠" in text


async def notify_mentioned(
    connection: Connection,
    project_id: UUID,
    text: str,
    *,
    subject_id: UUID,
    author: str,
    actor: str,
    intent_id: UUID | None = None,
    source_message_id: UUID | None = None,
    metadata: JsonObject | None = None,
) -> None:
    """Notify each mentioned member once of the subject, but not its author and who acts."""
    if not may_mention(text):
        return
    names = await list_member_names(connection, project_id)
    users = sorted(set(mentioned(text, names)) - {author, actor})
    if not users:
        return
    params: JsonObject = {"text": shortened(text)}
    language = language_of(text)
    await insert_notification(
        connection,
        *users,
        project_id=project_id,
        title=render(f"{MENTION}.title", params, language),
        message=render(MENTION, params, language),
        key=MENTION,
        params=params,
        notification_type="info",
        intent_id=intent_id,
        source_message_id=source_message_id,
        occurrence=f"mentioned:{subject_id}",
        metadata=metadata,
    )
