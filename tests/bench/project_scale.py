"""A small project next to one of 1,000,000 rows and 999 other small ones: its lists and searches, relative to alone

The small projects are measured first, then the large one is added to the same database and they are measured again.
Half of the large project's rows are messages, half are search entries with terms. ROWS sets its size as a fraction.
"""

import os
import random
from collections.abc import Sequence
from time import perf_counter

from sql.statements import Connection
from tests.bench.figures import Figure, p95
from tests.bench.search_scale import opened_api
from tests.resolvers.conftest import Api

LARGE = int(1_000_000 * float(os.environ.get("ROWS", "1")))
PROJECTS, MESSAGES = 1000, 60
WARM_UP, ROUNDS = 20, 200
LIST = "{ messages(last: 50) { edges { node { id content status createdAt } } } }"
SEARCH = "query($words: String!) { search(query: $words, first: 10) { score snippet } }"
SUBJECTS = ("database", "invoice", "deadline", "tea", "review", "server", "holiday", "budget", "login", "index")

USERS = """
INSERT INTO users (id, display_name, role) SELECT 'small-' || n, 'Small', 'member' FROM generate_series(1, $1) AS n
"""
CONVERSATIONS = "INSERT INTO conversations (user_id, title) SELECT id, 't' FROM users"
SAID = """
INSERT INTO messages (user_id, conversation_id, content, message_type)
SELECT user_id, id, ($2::text[])[1 + (n * 7 + length(user_id)) % 10] || ' and ' || ($2::text[])[1 + n % 10] || n, 'user'
FROM conversations CROSS JOIN generate_series(1, $1::int) AS n
"""
LARGE_MESSAGES = """
INSERT INTO messages (user_id, project_id, scope_id, conversation_id, content, message_type)
SELECT 'large', project_id, scope_id, id, ($2::text[])[1 + n % 10] || ' in the large project ' || n, 'user'
FROM conversations CROSS JOIN generate_series(1, $1::int) AS n WHERE user_id = 'large'
"""
LARGE_ENTRIES = """
INSERT INTO search_entries (subject_id, user_id, scope_id, project_id, kind, conversation_id, occurred_at, content,
                            keys, length)
SELECT m.id, 'large', m.scope_id, m.project_id, 'message', m.conversation_id, m.created_at, m.content,
       ARRAY[search_key(m.scope_id, ($1::text[])[1 + n % 10]), search_key(m.scope_id, 'larg'), n], 6
FROM (SELECT *, row_number() OVER () AS n FROM messages WHERE user_id = 'large') AS m
"""


async def measure() -> list[Figure]:
    async with opened_api() as api:
        async with api.database.connection() as connection:
            await fill_small(connection)
        users = [f"small-{number}" for number in random.Random(3).sample(range(1, PROJECTS), WARM_UP + ROUNDS)]
        alone = await timed(api, LIST, users), await timed(api, SEARCH, users)
        async with api.database.connection() as connection:
            await fill_large(connection)
        together = await timed(api, LIST, users), await timed(api, SEARCH, users)
    return [
        Figure(f"{what}, p95 relative to alone", p95(after) / p95(before), "x", at_most=1.2,
               note=f"{p95(after):.2f} ms, alone {p95(before):.2f} ms; {LARGE:,} rows")
        for what, before, after in (("list of 50 messages", alone[0], together[0]), ("`search`", alone[1], together[1]))
    ]  # fmt: skip


async def timed(api: Api, document: str, users: Sequence[str]) -> list[float]:
    took = []
    for number, user in enumerate(users):
        began = perf_counter()
        await api.data(document, user, words=f"{SUBJECTS[number % 10]} {SUBJECTS[number * 3 % 10]}")
        took.append((perf_counter() - began) * 1000)
    return took[WARM_UP:]


async def fill_small(connection: Connection) -> None:
    await connection.execute("SET statement_timeout = 0")
    await connection.execute(USERS, PROJECTS)
    await connection.execute("INSERT INTO users (id, display_name, role) VALUES ('large', 'Large', 'member')")
    await connection.execute(CONVERSATIONS)
    await connection.execute(f"{SAID} WHERE user_id <> 'large'", MESSAGES, SUBJECTS)
    await connection.execute("VACUUM ANALYZE")


async def fill_large(connection: Connection) -> None:
    await connection.execute("SET session_replication_role = replica")  # no triggers: the rows are complete
    await connection.execute(LARGE_MESSAGES, LARGE // 2, SUBJECTS)
    await connection.execute(LARGE_ENTRIES, SUBJECTS)
    await connection.execute("SET session_replication_role = DEFAULT")
    await connection.execute("VACUUM ANALYZE")
