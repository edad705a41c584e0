"""Setting a document as PDF/UA-1 from a fixed template. Pure.

What is printed goes to typst as JSON in `sys_inputs` and never into its source, so a text is a
text whatever stands in it. Only the fonts in this package are used and no clock is read: the
same document and moment give the same bytes.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from agenda.exports.glyphs import FONTS, cautious, printable


class PdfError(Exception):
    """The PDF could not be set. Says nothing of the text, which the setter's own error does."""

    code = "pdf_failed"


def typeset(template: Path, document: Any, made_at: datetime) -> bytes:
    """Return the document as PDF; the template reads it, as JSON, in `sys.inputs.document`. PdfError."""
    # A letter that mixes scripts can have a font for each half and none for the whole:
    # the second form prints it as numbers.
    for form in (printable, cautious):
        with suppress(typst.TypstError):
            return _compile(template, _each_text(document, form), made_at)
    raise PdfError(PdfError.code)


def _compile(template: Path, document: Any, made_at: datetime) -> bytes:
    made: bytes = typst.compile(
        template,
        root=template.parent,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        sys_inputs={"document": json.dumps(document, ensure_ascii=False)},
        timestamp=made_at.astimezone(UTC).replace(microsecond=0),  # typst takes whole seconds
    )
    return made


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    """Return the same JSON value with every string in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _each_text(one, change) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_each_text(one, change) for one in value]
    return value
