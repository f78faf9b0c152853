"""Servers of language models on this machine are found by their answers."""

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from app.operations.local_models import LocalServer, find_local_servers
from tests.asgi_server import serve

REFUSAL = {"type": "error", "error": {"type": "invalid_request_error", "message": "model is required"}}
MODELS = {"object": "list", "data": [{"id": "qwen3:8b"}, {"id": "other"}]}


def answering(refusal: Response, models: Response) -> Starlette:
    async def refuse(request: object) -> Response:
        return refusal

    async def list_models(request: object) -> Response:
        return models

    return Starlette(
        routes=[Route("/v1/messages", refuse, methods=["POST"]), Route("/v1/models", list_models, methods=["GET"])]
    )


@pytest.mark.parametrize(
    ("refusal", "models", "model"),
    [
        (JSONResponse(REFUSAL, 400), JSONResponse(MODELS), "qwen3:8b"),
        (JSONResponse(REFUSAL, 400), PlainTextResponse("no list", 404), "the name of its model"),
        (PlainTextResponse("404 page not found", 404), JSONResponse(MODELS), None),
        (JSONResponse({"error": "not found"}, 404), JSONResponse(MODELS), None),
    ],
)
async def test_a_server_is_suggested_when_it_implements_the_messages_api(
    refusal: Response, models: Response, model: str | None
) -> None:
    async with serve(answering(refusal, models), 0) as url:
        found = await find_local_servers([LocalServer("Ollama", url), LocalServer("silent", "http://127.0.0.1:9")])
    assert [each.advice for each in found] == (
        []
        if model is None
        else [
            f"Ollama answers at {url}: to use it, set ANTHROPIC_BASE_URL={url}, ANTHROPIC_API_KEY=local and "
            f"ANTHROPIC_MODEL={model}"
        ]
    )
