"""Ends the process when something that was cancelled, a task or a thread, does not end by itself."""

import asyncio
import os
import threading

import structlog

log = structlog.get_logger()

STOP_SECONDS = 60.0  # for all services together; a load balancer's drain comes on top
LEFTOVER_SECONDS = 5.0  # after everything that stores data has been closed


class ForcedStop:
    """Ends the process with status 1 unless it ends by itself in the time that the last call allowed."""

    def __init__(self) -> None:
        self._timer: threading.Timer | None = None
        self._loop = asyncio.get_running_loop()

    def within(self, seconds: float) -> None:
        """From now on the process has this long to end."""
        self.cancel()
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._timer.start()

    def cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _end(self) -> None:
        log.error(
            "the process did not end by itself and is ended; the next start finishes interrupted work",
            tasks=self._task_names(),
            threads=[thread.name for thread in threading.enumerate() if thread is not threading.current_thread()],
        )
        os._exit(1)

    def _task_names(self) -> list[str]:
        try:
            return sorted(task.get_name() for task in asyncio.all_tasks(self._loop))
        except RuntimeError:  # the set of tasks changed while it was read
            return []
