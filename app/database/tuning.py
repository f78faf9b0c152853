"""PostgreSQL's settings for a machine: how much memory goes where. Imports nothing that takes time.

The shares are those that PostgreSQL's own documentation and the pgvector README recommend: a quarter of the memory
for shared_buffers, three quarters expected in caches, and enough maintenance_work_mem to build HNSW graphs in memory.
"""

import os
from dataclasses import dataclass
from pathlib import Path

MIB = 1024**2
GIB = 1024**3
CGROUP = Path("/sys/fs/cgroup/memory.max")


def _clamped(value: float, low: int, high: int) -> int:
    """In whole MiB."""
    return int(min(max(value, low), high)) // MIB * MIB


@dataclass(frozen=True, slots=True)
class Tuning:
    """Bytes, but for the numbers of connections and workers."""

    shared_buffers: int
    effective_cache_size: int
    work_mem: int
    maintenance_work_mem: int
    max_connections: int
    max_parallel_maintenance_workers: int

    def options(self) -> dict[str, str]:
        """As PostgreSQL takes them with `-c`."""
        return {
            "max_connections": str(self.max_connections),
            "shared_buffers": f"{self.shared_buffers // MIB}MB",
            "effective_cache_size": f"{self.effective_cache_size // MIB}MB",
            "work_mem": f"{self.work_mem // MIB}MB",
            "maintenance_work_mem": f"{self.maintenance_work_mem // MIB}MB",
            "max_parallel_maintenance_workers": str(self.max_parallel_maintenance_workers),
        }

    def environment(self) -> dict[str, str]:
        """As compose.yaml takes them from `.env`."""
        return {f"PG_{name.upper()}": value for name, value in self.options().items()} | {
            "DB_MEMORY": f"{(self.effective_cache_size * 4 // 3) // MIB}m",
            # Workers that build an index together share its memory through /dev/shm.
            "DB_SHM": f"{(self.maintenance_work_mem + 64 * MIB) // MIB}m",
        }


def machine_memory() -> int:
    """Bytes of memory that this machine, or the container it is, may use."""
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = int(CGROUP.read_text())
    except (OSError, ValueError):
        return physical
    return min(physical, limit)


def tune(memory: int, *, processors: int, max_connections: int = 200) -> Tuning:
    """For a server that has this much memory, in bytes, to itself."""
    return Tuning(
        shared_buffers=_clamped(memory / 4, 64 * MIB, 16 * GIB),
        effective_cache_size=_clamped(memory * 3 / 4, 128 * MIB, 1024 * GIB),
        # Every sort of every connection may take it: three quarters of the memory, shared by twice as many sorts.
        work_mem=_clamped(memory * 3 / 4 / (2 * max_connections), 4 * MIB, 128 * MIB),
        maintenance_work_mem=_clamped(memory / 8, 64 * MIB, 4 * GIB),
        max_connections=max_connections,
        max_parallel_maintenance_workers=min(max(processors // 2, 1), 8),
    )


def tune_embedded(memory: int, *, processors: int) -> Tuning:
    """For a server on somebody's own machine: of an eighth of the memory, and never much."""
    tuned = tune(memory // 8, processors=processors, max_connections=100)
    return Tuning(
        shared_buffers=min(tuned.shared_buffers, 256 * MIB),
        effective_cache_size=_clamped(memory / 2, 128 * MIB, 64 * GIB),  # the system's cache is there all the same
        work_mem=min(tuned.work_mem, 16 * MIB),
        maintenance_work_mem=min(tuned.maintenance_work_mem, 512 * MIB),
        max_connections=tuned.max_connections,
        max_parallel_maintenance_workers=min(tuned.max_parallel_maintenance_workers, 2),
    )


def hnsw_build_bytes(vectors: int, dimensions: int, *, m: int = 16) -> int:
    """What maintenance_work_mem an HNSW index of halfvec needs to be built in memory.

    Each vector costs two bytes a dimension, and of its neighbours 2 * m on the lowest layer and a few above, each ten
    bytes (pgvector's HnswNeighborArray in memory keeps a pointer and a distance), with some 100 bytes around it.
    """
    return vectors * (2 * dimensions + int(2 * m * 1.1) * 16 + 100)
