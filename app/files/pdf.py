"""The text of a PDF. A PDF is a program of a stranger: this runs in a process of its own with limits."""

import logging
from dataclasses import dataclass
from io import BytesIO
from time import monotonic

from app.files.text import MAX_TEXT_CHARACTERS
from app.language.text import storable

MAX_PDF_BYTES = 32 * 1024 * 1024
MAX_PAGES = 500
SECONDS = 8.0
"""After which no further page is begun."""
LONGEST_SECONDS = 15
"""After which the process is ended."""
MEMORY_BYTES = 1024 * 1024 * 1024
DECODED_BYTES = 16 * 1024 * 1024
PARSED_OBJECTS = 500_000


@dataclass(frozen=True, slots=True)
class PdfText:
    """The text of a PDF; `cut` when there may be more. `problem`: why the rest, or all of it, was not read."""

    text: str
    cut: bool = False
    problem: str | None = None


def read_pdf(data: bytes) -> PdfText:
    """The text of the first pages, within limits of time, pages and bytes. Never raises for a malformed PDF."""
    # Imported here: only the process that reads PDF files needs it.
    from pypdf import PdfReader, apply_configuration

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    pages: list[str] = []
    began, characters = monotonic(), 0
    limits = apply_configuration(
        maximum_declared_stream_length=MAX_PDF_BYTES,
        array_based_stream_maximum_output_length=DECODED_BYTES,
        lzw_maximum_output_length=DECODED_BYTES,
        run_length_maximum_output_length=DECODED_BYTES,
        zlib_maximum_output_length=DECODED_BYTES,
        zlib_maximum_recovery_input_length=DECODED_BYTES // 16,
        brotli_maximum_output_length=DECODED_BYTES,
        jbig2_maximum_output_length=DECODED_BYTES,
        image_maximum_buffer_size=DECODED_BYTES,
        stream_filters_maximum_length=4,
        stream_decoding_work_maximum_length=4 * DECODED_BYTES,
        stream_parsing_work_maximum_count=PARSED_OBJECTS,
        xform_maximum_invocations_per_extraction=200,
        jbig2dec_binary=None,  # no other program reads the file
    )
    try:
        with limits:
            # One that is encrypted with the empty password, which opens without asking, is read too.
            reader = PdfReader(BytesIO(data), xref_stream_maximum_entries=PARSED_OBJECTS)
            for number, page in enumerate(reader.pages):
                if number == MAX_PAGES or characters > MAX_TEXT_CHARACTERS or monotonic() - began > SECONDS:
                    return _joined(pages, cut=True)
                pages.append(page.extract_text())
                characters += len(pages[-1])
    except Exception as problem:  # its parser raises every kind of error for a malformed file
        return _joined(pages, cut=True, problem=f"{type(problem).__name__}: {problem}"[:200])
    return _joined(pages, cut=False)


def _joined(pages: list[str], *, cut: bool, problem: str | None = None) -> PdfText:
    text = "\n\n".join(page for page in (storable(page).strip() for page in pages) if page)
    return PdfText(text[:MAX_TEXT_CHARACTERS], cut or len(text) > MAX_TEXT_CHARACTERS, problem)
