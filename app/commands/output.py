"""Makes standard output and standard error able to print every character, whatever the locale is."""

import io
import sys


def make_output_printable() -> None:
    """A terminal keeps its encoding and shows `?` for characters that it lacks; files and pipes get UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=stream.encoding if stream.isatty() else "utf-8", errors="replace")
