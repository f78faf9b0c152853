"""Random records and moves: what is asked of one project never shows a record of another one."""

import asyncio
import random
from contextlib import aclosing
from typing import Any

import pytest

from app.live.bus.bus import Bus
from app.live.hub import EventHub
from tests.resolvers.conftest import Api
from tests.resolvers.test_moves import ARCHIVE, MOVE
from tests.resolvers.test_projects import default_of, saved
from tests.timeouts import TIMEOUT

WORDS = ("cache", "tea", "猫", "database", "会議室", "deploy", "invoice")
MUTATIONS = {
    "conversation": (
        "mutation($text: String!, $to: ID!) { sendMessage(input: {content: $text, projectId: $to}) "
        "{ message { conversation { id } } } }"
    ),
    "intent": "mutation($text: String!, $to: ID!) { createIntent(input: {description: $text, projectId: $to}) { id } }",
    "specification": (
        "mutation($text: String!, $to: ID!) "
        "{ saveSpecification(input: {title: $text, content: $text, projectId: $to}) { id } }"
    ),
    "decision": (
        "mutation($text: String!, $to: ID!) "
        "{ recordDecision(input: {title: $text, kind: RULE, projectId: $to}) { id } }"
    ),
    "memory": "mutation($text: String!, $to: ID!) { saveMemory(input: {content: $text, projectId: $to}) { id } }",
}
RECORD = """... on Message { id conversation { project { id } } } ... on Intent { id project { id } }
    ... on Specification { id project { id } } ... on Decision { id project { id } }
    ... on Memory { id of: project { id } }"""
SHOWN = f"""query($project: ID!, $text: String!) {{
    conversations(projectId: $project, first: 30) {{ edges {{ node {{ id project {{ id }} }} }} }}
    intents(projectId: $project, first: 30) {{ totalCount edges {{ node {{ id project {{ id }}
        similar {{ project {{ id }} node {{ {RECORD} }} }}
        contradictions {{ conflictsWithDecision {{ project {{ id }} }} }} }} }} }}
    specifications(projectId: $project, first: 30) {{ edges {{ node {{ id project {{ id }} }} }} }}
    decisions(projectId: $project, first: 30) {{ edges {{ node {{ id number project {{ id }} }} }} }}
    memories(projectId: $project, first: 30) {{ edges {{ node {{ id project {{ id }} }} }} }}
    actions(projectId: $project, first: 30) {{ edges {{ node {{ project {{ id }} }} }} }}
    search(query: $text, projectId: $project, first: 30) {{ project {{ id }} node {{ {RECORD} }} }}
    previewContext(content: $text, projectId: $project) {{ items {{ source {{ {RECORD} }} }} }}
}}"""  # fmt: skip
FOLLOWED = (
    ("messageChanged", "message { conversation { project { id } } }"),
    ("intentChanged", "intent { project { id } }"),
)


def projects_in(shown: Any) -> set[str | None]:
    """The ids of all projects that are named anywhere in a response."""
    if isinstance(shown, list):
        return {found for each in shown for found in projects_in(each)}
    if not isinstance(shown, dict):
        return set()
    named = {shown[name] and shown[name]["id"] for name in ("project", "of") if name in shown}
    return named | {found for each in shown.values() for found in projects_in(each)}


@pytest.mark.parametrize("seed", [1, 2])
async def test_nothing_of_another_project_is_shown(api: Api, seed: int) -> None:
    choose = random.Random(seed)
    projects = [await default_of(api), *[(await saved(api, name=name))["id"] for name in ("one", "two", "three")]]
    places: dict[str, tuple[str, str]] = {}  # the kind and the project of each record
    async with Bus("memory://").running() as bus, EventHub(api.database, bus, poll_seconds=0.1).running() as hub:
        start = await hub.latest("ann")
        for _ in range(40):
            await change(api, choose, projects, places)
        for project in projects:
            await check(api, project, places, " ".join(choose.sample(WORDS, 2)))
        api.events = hub
        for project in projects:
            await check_delivery(api, project, start)
    await api.data(ARCHIVE, id=projects[1])
    await check(api, projects[1], places, choose.choice(WORDS))
    everywhere = "query($text: String!) { search(query: $text, first: 30) { project { id } } }"
    found = [await api.data(everywhere, text=each) for each in WORDS]
    assert projects_in(found) <= {*projects} - {projects[1]}


async def change(api: Api, choose: random.Random, projects: list[str], places: dict[str, tuple[str, str]]) -> None:
    """A new record, or a move of some."""
    to = choose.choice(projects)
    if places and choose.random() < 0.4:
        ids = choose.sample(sorted(places), min(len(places), 3))
        leaving = [each for each in ids if places[each][1] != to]
        assert (await api.data(MOVE, ids=ids, to=to))["moveToProject"] == len(leaving)
        places.update({each: (places[each][0], to) for each in ids})
        return
    kind = choose.choice(sorted(MUTATIONS))
    made = await api.data(MUTATIONS[kind], text=f"{' '.join(choose.sample(WORDS, 3))} {len(places)}", to=to)
    (node,) = made.values()
    places[(node["message"]["conversation"] if "message" in node else node)["id"]] = (kind, to)


async def check(api: Api, project: str, places: dict[str, tuple[str, str]], text: str) -> None:
    shown = await api.data(SHOWN, project=project, text=text)
    assert projects_in(shown) <= {project, None}
    for name, kind in (("conversations", "conversation"), ("intents", "intent"), ("specifications", "specification"),
                       ("decisions", "decision"), ("memories", "memory")):  # fmt: skip
        listed = {each["node"]["id"] for each in shown[name]["edges"]}
        assert listed == {each for each, place in places.items() if place == (kind, project)}
    assert shown["intents"]["totalCount"] == len(shown["intents"]["edges"])
    numbers = [each["node"]["number"] for each in shown["decisions"]["edges"]]
    assert len(set(numbers)) == len(numbers)


async def check_delivery(api: Api, project: str, start: str) -> None:
    """What a subscriber of the project gets from the beginning: no record that is in another project now."""
    context = await api.context("ann")
    rows = await api.database.pool.fetch(
        "SELECT kind FROM events WHERE NOT payload ? 'toScope' AND $1 IN (project_id::text, payload->>'fromProjectId')",
        project,
    )
    for field, selection in FOLLOWED:
        kind = field.removesuffix("Changed")
        count = sum(row["kind"].startswith(kind) for row in rows)
        document = (
            f"subscription($project: ID, $after: String) "
            f"{{ {field}(projectId: $project, after: $after) {{ {selection} }} }}"
        )
        responses = api.executor.subscribe(
            api.executor.prepare(document), {"project": project, "after": start}, lambda: context
        )
        delivered: list[dict[str, Any]] = []
        async with asyncio.timeout(TIMEOUT), aclosing(responses):
            while len(delivered) < count:
                delivered.append((await anext(responses))[1])
        assert projects_in(delivered) <= {project}
