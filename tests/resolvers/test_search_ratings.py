"""Ratings of search hits: whose order they change, for which queries, and when they end."""

from typing import Any

from sql.repositories.search_ratings import MOST
from tests.resolvers.conftest import Api

SEARCH = """
query($words: String!, $explain: Boolean) {
  search(query: $words, explain: $explain) { node { ... on Memory { content } } score reasons rating }
}
"""
RATE = "mutation($input: RateSearchHitInput!) { rateSearchHit(input: $input) }"
SAVE = "mutation($input: SaveMemoryInput!) { saveMemory(input: $input) { id } }"
QUESTION = "where is the office"


async def remember(api: Api, content: str, user: str = "ann") -> str:
    saved = await api.data(SAVE, user, input={"content": content})
    return str(saved["saveMemory"]["id"])


async def rate(api: Api, memory: str, rating: str | None, query: str = QUESTION, user: str = "ann") -> None:
    given = {"id": memory, "query": query, "rating": rating}
    assert (await api.data(RATE, user, input=given))["rateSearchHit"] == rating


async def hits(api: Api, query: str = QUESTION, user: str = "ann") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await api.data(SEARCH, user, words=query))["search"]
    return found


async def contents(api: Api, query: str = QUESTION, user: str = "ann") -> list[str]:
    return [hit["node"]["content"] for hit in await hits(api, query, user)]


async def offices(api: Api) -> tuple[str, str]:
    """Two memories that a question finds, the better one first."""
    better = await remember(api, "the office is in Osaka")
    other = await remember(api, "the office is in a tall building next to the old station of Kobe")
    assert (await contents(api))[0].endswith("Osaka")
    return better, other


async def test_outdated_moves_down_for_all_queries_and_says_so(api: Api) -> None:
    better, _ = await offices(api)
    before = {hit["node"]["content"]: hit["score"] for hit in await hits(api)}
    await rate(api, better, "OUTDATED")
    first, last = await hits(api)
    assert (last["node"]["content"], last["rating"]) == ("the office is in Osaka", "OUTDATED")
    assert last["reasons"][-1] == "MARKED_OUTDATED"
    assert last["score"] == before["the office is in Osaka"] / 2
    assert (first["rating"], first["score"]) == (None, before[first["node"]["content"]])
    [other] = await hits(api, "trips to Osaka")
    assert other["reasons"][-1] == "MARKED_OUTDATED"


async def test_useful_moves_up_for_similar_queries_only(api: Api) -> None:
    _, other = await offices(api)
    await rate(api, other, "USEFUL")
    assert (await contents(api))[0].endswith("Kobe")
    assert (await contents(api, "our office, where?"))[0].endswith("Kobe")
    assert [hit["rating"] for hit in await hits(api, "station of Kobe")] == [None]


async def test_wrong_moves_down_for_similar_queries_only(api: Api) -> None:
    better, _ = await offices(api)
    await rate(api, better, "WRONG")
    assert [hit["rating"] for hit in await hits(api)] == [None, "WRONG"]
    assert [hit["rating"] for hit in await hits(api, "Osaka")] == [None]


async def test_the_effect_does_not_grow_and_a_later_rating_replaces_an_earlier_one(api: Api) -> None:
    better, _ = await offices(api)
    before = (await hits(api))[0]["score"]
    for query in (QUESTION, "where is our office", "where is the office now"):
        await rate(api, better, "USEFUL", query)
    assert (await hits(api))[0]["score"] == 2 * before
    await rate(api, better, "OUTDATED")
    assert (await hits(api))[1]["score"] == before / 2
    await rate(api, better, "USEFUL", "something else")  # outdated applied to this query too
    assert [hit["rating"] for hit in await hits(api)] == [None, None]


async def test_a_rating_is_taken_back(api: Api) -> None:
    better, _ = await offices(api)
    before = await hits(api)
    await rate(api, better, "OUTDATED")
    await rate(api, better, None, "a query that was never rated")
    assert await hits(api) == before
    assert await api.database.pool.fetchval("SELECT count(*) FROM search_ratings") == 0


async def test_explain_names_what_was_marked(api: Api) -> None:
    better, _ = await offices(api)
    await rate(api, better, "WRONG")
    found = (await api.data(SEARCH, words=QUESTION, explain=True))["search"]
    assert [each["reasons"][-1] for each in found if each["rating"]] == ["MARKED_WRONG"]


async def test_other_members_get_the_same_hits_as_before(api: Api) -> None:
    better, _ = await offices(api)
    await api.database.pool.execute(
        "INSERT INTO project_members (project_id, user_id, role) SELECT default_project('ann'), 'bob', 'reader'"
    )
    before = await hits(api, user="bob")
    await rate(api, better, "OUTDATED")
    assert await hits(api, user="bob") == before
    await rate(api, better, "USEFUL", user="bob")  # a reader rates too
    assert [hit["rating"] for hit in await hits(api, user="bob")] == ["USEFUL", None]
    assert [hit["rating"] for hit in await hits(api)] == [None, "OUTDATED"]


async def test_what_a_user_does_not_see_cannot_be_rated(api: Api) -> None:
    better, _ = await offices(api)
    for rating in ("USEFUL", None):
        given = {"id": better, "query": QUESTION, "rating": rating}
        assert await api.code(RATE, "bob", input=given) == "NOT_FOUND"
    assert await api.code(RATE, input={"id": better, "query": " ", "rating": "USEFUL"}) == "BAD_USER_INPUT"
    assert await api.code(RATE, input={"id": "x", "query": "y", "rating": "USEFUL"}) == "NOT_FOUND"


async def test_a_changed_text_is_not_outdated_any_more(api: Api) -> None:
    better, _ = await offices(api)
    await rate(api, better, "OUTDATED")
    await api.data(SAVE, input={"id": better, "content": "the office is in Nara"})
    assert [hit["rating"] for hit in await hits(api)] == [None, None]


async def test_ratings_go_to_the_trash_with_their_record_and_return_with_it(api: Api) -> None:
    better, _ = await offices(api)
    await rate(api, better, "OUTDATED")
    await api.data("mutation($id: ID!) { deleteMemory(id: $id) }", id=better)
    assert await api.database.pool.fetchval("SELECT count(*) FROM search_ratings") == 0
    await api.data("mutation($id: ID!) { restore(id: $id) { id } }", id=better)
    assert [hit["rating"] for hit in await hits(api)] == [None, "OUTDATED"]
    await api.database.pool.execute("DELETE FROM users WHERE id = 'ann'")
    assert await api.database.pool.fetchval("SELECT count(*) FROM search_ratings") == 0


async def test_the_ratings_of_one_record_are_bounded(api: Api) -> None:
    memory = await remember(api, "the office is in Osaka")
    words = [f"{letter}{letter}{letter}{number}" for letter in "bcdfg" for number in range(5)]
    for word in words:
        await rate(api, memory, "USEFUL", word)
    kept = await api.database.pool.fetch("SELECT query FROM search_ratings ORDER BY id")
    assert [each["query"] for each in kept] == words[-MOST:]
