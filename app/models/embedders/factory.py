"""Which embedder the settings mean."""

from app.models.embedders.hashed import HashedEmbedder
from app.models.embedders.hosted import HostedEmbedder
from app.models.embedders.ports import Embedder
from app.models.embedders.static import StaticEmbedder
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
