"""PostgreSQL's memory settings for a machine. Imports only the standard library, because `first_run` needs it.

The shares follow PostgreSQL's documentation and the pgvector README: a quarter of the memory for shared_buffers,
three quarters as effective_cache_size, and enough maintenance_work_mem to build HNSW graphs in memory.
"""

import os
from dataclasses import dataclass
from pathlib import Path

MIB = 1024**2
GIB = 1024**3
CGROUP = Path("/sys/fs/cgroup/memory.max")


def _clamp(value: float, low: int, high: int) -> int:
    """The value between the bounds, rounded down to whole MiB."""
    return int(min(max(value, low), high)) // MIB * MIB


@dataclass(frozen=True, slots=True)
class Tuning:
    """Memory in bytes, and the numbers of connections and workers."""

    shared_buffers: int
    effective_cache_size: int
    work_mem: int
    maintenance_work_mem: int
    max_connections: int
    max_parallel_maintenance_workers: int

    def options(self) -> dict[str, str]:
        """The settings as PostgreSQL accepts them with `-c`."""
        return {
            "max_connections": str(self.max_connections),
            "shared_buffers": f"{self.shared_buffers // MIB}MB",
            "effective_cache_size": f"{self.effective_cache_size // MIB}MB",
            "work_mem": f"{self.work_mem // MIB}MB",
            "maintenance_work_mem": f"{self.maintenance_work_mem // MIB}MB",
            "max_parallel_maintenance_workers": str(self.max_parallel_maintenance_workers),
        }

    def environment(self) -> dict[str, str]:
        """The variables that compose.yaml reads from `.env`."""
        return {f"PG_{name.upper()}": value for name, value in self.options().items()} | {
            "DB_MEMORY": f"{(self.effective_cache_size * 4 // 3) // MIB}m",
            # Parallel workers share the memory of an index build through /dev/shm.
            "DB_SHM": f"{(self.maintenance_work_mem + 64 * MIB) // MIB}m",
        }


def machine_memory() -> int:
    """Bytes of memory that this machine or container may use."""
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = int(CGROUP.read_text("utf-8"))
    except (OSError, ValueError):
        return physical
    return min(physical, limit)


def tune(memory: int, *, processors: int, max_connections: int = 200) -> Tuning:
    """Settings for a server that has this much memory, in bytes, for itself."""
    return Tuning(
        shared_buffers=_clamp(memory / 4, 64 * MIB, 16 * GIB),
        effective_cache_size=_clamp(memory * 3 / 4, 128 * MIB, 1024 * GIB),
        # Every sort of every connection may use it: divide three quarters of the memory among two sorts per connection.
        work_mem=_clamp(memory * 3 / 4 / (2 * max_connections), 4 * MIB, 128 * MIB),
        maintenance_work_mem=_clamp(memory / 8, 64 * MIB, 4 * GIB),
        max_connections=max_connections,
        max_parallel_maintenance_workers=min(max(processors // 2, 1), 8),
    )


def tune_embedded(memory: int, *, processors: int) -> Tuning:
    """Settings for a server on a personal computer: based on an eighth of the memory, with low upper limits."""
    tuned = tune(memory // 8, processors=processors, max_connections=100)
    return Tuning(
        shared_buffers=min(tuned.shared_buffers, 256 * MIB),
        effective_cache_size=_clamp(memory / 2, 128 * MIB, 64 * GIB),  # the cache of the operating system counts too
        work_mem=min(tuned.work_mem, 16 * MIB),
        maintenance_work_mem=min(tuned.maintenance_work_mem, 512 * MIB),
        max_connections=tuned.max_connections,
        max_parallel_maintenance_workers=min(tuned.max_parallel_maintenance_workers, 2),
    )


def hnsw_build_bytes(vectors: int, dimensions: int, *, m: int = 16) -> int:
    """Bytes of maintenance_work_mem needed to build an HNSW index of halfvec in memory.

    Each vector needs 2 bytes per dimension, 16 bytes (pointer and distance, in pgvector's HnswNeighborArray) for each
    of its 2 * m neighbours on the lowest layer and about 10 % more above, and about 100 bytes of overhead.
    """
    return vectors * (2 * dimensions + int(2 * m * 1.1) * 16 + 100)
