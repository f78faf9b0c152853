"""GraphQL over HTTP: documents, variables and whole bodies."""

import httpx
from graphql import GraphQLObjectType

from resolvers.root import schema
from tests.fuzz.operations import Place, places
from tests.fuzz.run import Run
from tests.fuzz.values import JSON_VALUES, LITERALS, mutated
from tests.graphql.generated_documents import Writer

UNSAFE = {"signOut"}
TOKENS = [
    "{", "}", "(", ")", "[", "]", ":", "!", "$", "@", "...", "=", "|", "&", '"', '"""', "#", ",", "query",
    "mutation", "subscription", "fragment F on Query", "on", "__schema", "__typename", "viewer", "id", "edges",
    "node", "1-1-1", "-", "@include(if: true)", "@defer", "@stream", "first: 1", "$a", "null", "\\", "\0", "\u2028",
    "😀", "é", "1.", "0x1", "\ufeff",
]  # fmt: skip


def _document(run: Run) -> str:
    random = run.random
    match random.randrange(3):
        case 0:
            return "{ " + " ".join(random.choices(TOKENS, k=random.randint(1, 40))) + " }"
        case 1:
            part = " ".join(random.choices(TOKENS, k=random.randint(1, 4)))
            return part * random.randint(1, 2000)
    root: GraphQLObjectType | None = schema._schema.query_type
    assert root is not None
    document, _ = Writer(random, {"Conversation": ["nobody"]}).document()
    return mutated(random, document) if random.random() < 0.7 else document


def _body(run: Run, choices: list[Place]) -> str:
    random, place = run.random, run.random.choice(choices)
    match random.randrange(5):
        case 0:
            return place.with_literal(random.choice(LITERALS))
        case 1:
            return mutated(random, place.with_variable(random.choice(JSON_VALUES)))
        case 2:
            query = (
                _document(run).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\0", "\\u0000")
            )
            return f'{{"query": "{query}", "variables": {random.choice(JSON_VALUES)}}}'
    return place.with_variable(random.choice(JSON_VALUES))


async def _post(client: httpx.AsyncClient, body: bytes) -> httpx.Response:
    return await client.post("/graphql", content=body, headers={"content-type": "application/json"})


async def fuzz(run: Run) -> None:
    choices = [place for place in places() if place.field not in UNSAFE]
    async with httpx.AsyncClient(base_url=run.url, timeout=None) as client:  # noqa: S113 - `timed` has the time limit
        while run.goes_on:
            body = _body(run, choices).encode("utf-8", "surrogatepass")
            response = await run.timed(body, _post(client, body))
            if response is not None and (response.status_code >= 500 or b'"INTERNAL"' in response.content):
                run.found(f"{response.status_code} {response.text[:200]}", body)
