"""Embedders with an HTTP API: Voyage AI, and servers compatible with OpenAI's `/v1/embeddings`."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import structlog

from app.models.ports import EmbedderError, Vector
from app.settings.assistant import EmbeddingSettings

log = structlog.get_logger()

VOYAGE_URL = "https://api.voyageai.com/v1"
TEXTS_A_REQUEST = 64
Purpose = Literal["query", "document"]


class HostedEmbedder:
    """Implements app.models.ports.Embedder. The first request imports the HTTP client."""

    def __init__(self, settings: EmbeddingSettings) -> None:
        base = settings.embedding_base_url or VOYAGE_URL
        self._voyage = settings.embedder == "voyage"
        self._url = f"{base.rstrip('/')}/embeddings"
        self._model = settings.embedding_model or ""
        self._settings = settings
        self._client: Any = None

    @property
    def name(self) -> str:
        return f"{self._settings.embedder}:{self._model}"

    async def probe(self) -> int:
        return len((await self._ask(["dimension"], "document"))[0])

    async def embed_passages(self, texts: Sequence[str]) -> list[Vector]:
        prefix = self._settings.embedding_passage_prefix
        vectors: list[Vector] = []
        for start in range(0, len(texts), TEXTS_A_REQUEST):
            vectors += await self._ask([prefix + text for text in texts[start : start + TEXTS_A_REQUEST]], "document")
        return vectors

    async def embed_query(self, text: str, importance: Mapping[str, float] | None = None) -> Vector:
        return (await self._ask([self._settings.embedding_query_prefix + text], "query"))[0]

    def across_languages(self, query: Vector) -> Vector | None:
        return None

    async def _ask(self, texts: list[str], purpose: Purpose) -> list[Vector]:
        import httpx2

        request: dict[str, Any] = {"model": self._model, "input": texts}
        if self._voyage:
            request["input_type"] = purpose
        try:
            response = await self._get_client(httpx2).post(self._url, json=request)
            if response.status_code != 200:
                log.warning("the embedder refused", status=response.status_code, detail=response.text[:500])
                raise EmbedderError("embedder.refused", url=self._url, code=response.status_code)
            return _vectors(response.json(), len(texts))
        except httpx2.HTTPError as error:
            raise EmbedderError("embedder.unreachable", url=self._url, error=type(error).__name__) from error
        except (KeyError, TypeError, ValueError) as error:
            raise EmbedderError("embedder.not_an_endpoint", url=self._url) from error

    def _get_client(self, http: Any) -> Any:
        if self._client is None:
            key = self._settings.embedding_api_key
            headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}
            self._client = http.AsyncClient(headers=headers, timeout=self._settings.embedding_timeout)
        return self._client

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()


def _vectors(answer: Any, expected: int) -> list[Vector]:
    """The vectors in the order of the texts. Raises KeyError, TypeError or ValueError for an invalid answer."""
    ordered = sorted(answer["data"], key=lambda each: int(each["index"]))
    vectors: list[Vector] = [[float(number) for number in each["embedding"]] for each in ordered]
    if len(vectors) != expected or not all(vectors):
        raise ValueError(f"{len(vectors)} vectors for {expected} texts")
    return vectors
