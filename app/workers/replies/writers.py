"""Makes the writer of replies: that of a model, or of the rules without one."""

from app.files.store import FileStore
from app.live.bus.bus import Bus
from app.memory.context.assembler import ContextAssembler
from app.models.factory import Models
from app.models.ports import Clock
from app.settings import Settings
from app.tools.registry import TOOLS
from app.tools.runner import ToolRunner
from app.workers.replies.acting import Actor
from app.workers.replies.job import ReplyWriter
from app.workers.replies.model import ModelWriter
from app.workers.replies.offline import OfflineWriter
from app.workers.replies.output import ReplyOutput
from app.workers.replies.prompts import ReplyPrompts
from sql.pool import Database


def new_writer(
    database: Database,
    bus: Bus,
    models: Models,
    settings: Settings,
    clock: Clock,
    runner: ToolRunner,
    output: ReplyOutput,
    files: FileStore,
    assembler: ContextAssembler,
) -> ReplyWriter:
    settings = models.settings or settings
    prompts = ReplyPrompts(database, files, assembler, settings, clock, models.assistant)
    if models.assistant.offline:
        return OfflineWriter(database, bus, runner, prompts, output, settings, clock, models.work)
    actor = Actor(database, bus, runner, TOOLS)
    return ModelWriter(prompts, output, models.assistant, actor, TOOLS, settings)
