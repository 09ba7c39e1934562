"""Rows as a file for a spreadsheet, sent while they are read."""

import csv
import re
from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone, translation

# What spreadsheets take for the beginning of a formula, and run: at the beginning of a cell, and
# behind whatever may separate cells for somebody else. A Polish Excel begins a cell at a semicolon.
_FORMULA = re.compile(r"""(^|[;,|\t\r\n])([\s"]*)(?=[=+\-@＝＋－＠])""")


class _Line:
    """What a csv.writer writes to, to get the line back."""

    def write(self, line: str) -> str:
        return line


def csv_file(name: str, rows: Iterator[list[Any]]) -> StreamingHttpResponse:
    lines = _lines(rows, language=translation.get_language() or "en")
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    filename = f"{name}-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def harmless(cell: Any) -> str:
    """Text that a spreadsheet shows and never runs: an apostrophe says that it is text."""
    return _FORMULA.sub(r"\1\2'", str(cell))


def _lines(rows: Iterator[list[Any]], *, language: str) -> Iterator[str]:
    """Sent after the view is over, so the language is said again."""
    writer = csv.writer(_Line())
    # Spreadsheets recognise UTF-8 by its mark.
    yield "\ufeff"
    with translation.override(language):
        for row in rows:
            yield writer.writerow([harmless(cell) for cell in row])
