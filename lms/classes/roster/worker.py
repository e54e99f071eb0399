"""Opens one spreadsheet in a process of its own and prints its cells as JSON.

A spreadsheet comes from outside and may be built to exhaust memory or time (a cell far out in an empty sheet is
enough), so the reader runs under hard limits and its death is an answer like any other. This file is run by path: it
imports nothing of ours.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import resource
import sys
from typing import Any

MEMORY = 1536 * 1024 * 1024
SECONDS = 25
SHEETS = 8


def plain(value: Any) -> Any:
    """Return a cell as JSON: text, whole number, number, or ``{"date": iso}``."""
    if isinstance(value, bool):
        return "x" if value else ""
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, dt.datetime):
        return {"date": value.date().isoformat()}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    return value if isinstance(value, (int, str)) else str(value)


def main() -> int:
    """Read the file from standard input; exit 2 for a locked file, 3 for one that is no spreadsheet."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

    rows_wanted = int(sys.argv[1])
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        sheets = []
        for meta in [meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet][:SHEETS]:
            rows: list[list[Any]] = []
            filled = 0
            for cells in book.get_sheet_by_name(meta.name).iter_rows():
                row = [plain(value) for value in cells]
                while row and row[-1] == "":
                    row.pop()
                rows.append(row)
                filled += bool(row)
                if filled > rows_wanted:
                    break
            while rows and not rows[-1]:
                rows.pop()
            sheets.append(rows)
    except PasswordError:
        return 2
    except (CalamineError, ValueError, OSError):
        return 3
    json.dump(sheets, sys.stdout, ensure_ascii=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
