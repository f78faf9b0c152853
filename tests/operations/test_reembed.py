"""Change of the embedding model, and wrong embedders, as the operator sees them."""

import httpx

from app.models.embedders.local import HashedEmbedder
from sql.pool import Database
from tests.memory.conftest import open_memory
from tests.operations.test_metrics import scrape
from tests.processes import free_port, program, run_to_completion, wait_until_ready

TEXTS = 25
STATIC = "wordllama-l2-supercat-256"


async def test_reembed_reports_progress_and_switches_the_model(database: Database, database_url: str) -> None:
    await database.pool.execute("INSERT INTO users VALUES ('owner', 'Owner', 'owner')")
    memory = open_memory(database, HashedEmbedder())
    await memory.say(*(f"note {number} about the cache" for number in range(TEXTS)), user="owner")
    await memory.index()
    port = free_port()
    asked = {"DATABASE_URL": database_url, "PORT": str(port), "EMBEDDER": "wordllama"}
    async with program("serve", **asked), httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        await wait_until_ready(client, "/health")
        url = f"http://127.0.0.1:{port}"
        assert (await scrape(url)).value("resonant_reembedding_left") == TEXTS
        _, output = await run_to_completion("doctor", **asked)
        assert f"hashed-512 answers; {STATIC} has 0 of them already" in " ".join(output.split())
        code, output = await run_to_completion("reembed", **asked)
        assert code == 0
        assert f"✓ {TEXTS} texts have a vector of {STATIC}, 256 dimensions." in output
        assert (await scrape(url)).value("resonant_reembedding_left") == 0
        _, output = await run_to_completion("doctor", **asked)
        assert f"{TEXTS} of {TEXTS} texts have one, {STATIC} answers" in " ".join(output.split())


async def test_start_and_doctor_report_a_dead_endpoint_and_a_wrong_dimension(
    database: Database, database_url: str
) -> None:
    dead = {
        "DATABASE_URL": database_url,
        "PORT": str(free_port()),
        "EMBEDDER": "openai",
        "EMBEDDING_MODEL": "m",
        "EMBEDDING_BASE_URL": "http://127.0.0.1:9/v1",
    }
    _, output = await run_to_completion("doctor", **dead)
    assert "✗ embedder: http://127.0.0.1:9/v1/embeddings cannot be reached" in " ".join(output.split())
    async with program("run", **dead) as running:
        await running.wait_for_output("✗ embedder: http://127.0.0.1:9/v1/embeddings cannot be reached")
        await running.wait_for_output("Ctrl-C stops everything.")  # full-text search still works
    await database.pool.execute(
        "INSERT INTO embedding_models (name, dimension, active) VALUES ('hashed-512', 64, true)"
    )
    wrong = {"DATABASE_URL": database_url, "PORT": str(free_port()), "EMBEDDER": "hashed"}
    for command in ("doctor", "run"):
        code, output = await run_to_completion(command, **wrong)
        assert code == 1
        assert "hashed-512 makes vectors of 512 dimensions now, and of 64 before" in " ".join(output.split())
