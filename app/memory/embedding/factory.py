"""Which embedder the settings mean."""

from app.memory.embedding.hashed import HashedEmbedder
from app.memory.embedding.hosted import HostedEmbedder
from app.memory.embedding.ports import Embedder
from app.memory.embedding.static import StaticEmbedder
from app.settings import Settings


def build_embedder(settings: Settings) -> Embedder:
    """Nothing is loaded or asked yet."""
    match settings.embedder:
        case "wordllama":
            return StaticEmbedder()
        case "hashed":
            return HashedEmbedder()
        case _:
            return HostedEmbedder(settings)
