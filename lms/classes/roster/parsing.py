"""From rows of cells to learners, with every problem named by its row and column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from lms.classes.errors import RosterError
from lms.classes.roster import values
from lms.classes.roster.columns import COLUMNS, Header, find_header
from lms.classes.roster.legacy import detect
from lms.people.enums import Gender

_EMPTY = frozenset({"", "-", "–", "/"})


@dataclass(slots=True)
class Learner:
    """One row of the list. ``line`` is the row's number as the person sees it in the file."""

    line: int
    full_name: str
    birth_date: str = ""  # ISO: rows are kept as JSON until they are carried out
    gender: str = ""
    ethnicity: str = ""
    hometown: str = ""
    position: str = ""
    organisation: str = ""
    citizen_id: str = ""
    party_card: str = ""
    party_joined_on: str = ""
    email: str = ""
    phone: str = ""
    username: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class RosterProblem:
    """A fault of one cell (or with the row, with an empty ``field``)."""

    line: int
    field: str
    message: str

    def sentence(self) -> str:
        """Return ``Row 14, column Date of birth: “31/02/1990” is not a date``."""
        if not self.field:
            return _("Row %(line)s: %(message)s") % {"line": self.line, "message": self.message}
        return _("Row %(line)s, column %(column)s: %(message)s") % {
            "line": self.line,
            "column": COLUMNS[self.field],
            "message": self.message,
        }


@dataclass(slots=True)
class Parsed:
    """A list as read: learners, problems, and lines left out because they are no people (headings, signatures)."""

    learners: list[Learner] = field(default_factory=list)
    problems: list[RosterProblem] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)
    unknown: tuple[str, ...] = ()


def parse(rows: Sequence[Sequence[Any]]) -> Parsed:
    """Read every row below the header; a list of one column needs no header.

    Raises:
        RosterError: no header can be found, or the text is not Unicode (with a preview of the right reading).
    """
    _require_unicode(rows)
    header = find_header(rows)
    if header is None:
        if max(map(len, rows), default=0) > 1:
            raise RosterError(
                _("No row with the headings was found. The first rows must hold at least the heading “Họ và tên”."),
                code="roster_no_header",
            )
        header = Header(-1, {0: "full_name"}, ())
    parsed = Parsed(unknown=header.unknown)
    for index in range(header.row + 1, len(rows)):
        cells = {name: rows[index][column] for column, name in header.columns.items() if column < len(rows[index])}
        if all(_blank(cell) for cell in rows[index]):
            continue
        if _is_no_person(cells, rows[index], header):
            parsed.left_out.append(index + 1)
        else:
            _read_row(index + 1, cells, parsed)
    if not parsed.learners and not parsed.problems:
        raise RosterError(_("There is nobody in the list."), code="roster_empty")
    return parsed


def _require_unicode(rows: Sequence[Sequence[Any]]) -> None:
    legacy = detect(cell for row in rows for cell in row if isinstance(cell, str))
    if legacy is None:
        return
    if legacy.encoding is None:
        shown = ", ".join(f"“{before}”" for before, _after in legacy.samples[:3])
        raise RosterError(
            _("Some letters cannot be read: %(samples)s. Convert the file to Unicode and try again.")
            % {"samples": shown},
            code="roster_encoding",
        )
    shown = ", ".join(f"“{before}” → “{after}”" for before, after in legacy.samples[:3])
    raise RosterError(
        _(
            "The text is in the old encoding %(encoding)s and not in Unicode: %(samples)s. "
            "Convert the file to Unicode (Unikey: Ctrl+Shift+F6) and try again."
        )
        % {"encoding": legacy.encoding, "samples": shown},
        code="roster_encoding",
    )


def _blank(cell: Any) -> bool:
    return isinstance(cell, str) and cell.strip() in _EMPTY


def _is_no_person(cells: dict[str, Any], row: Sequence[Any], header: Header) -> bool:
    """Whether the row is a heading between people, a sum, or the signatures below the list."""
    filled = sum(1 for cell in row if not _blank(cell))
    named = any(not _blank(cells.get(name, "")) for name in ("full_name", "family_name", "given_name"))
    if not named:
        return filled <= 2
    if "number" in header.fields and len(header.fields) > 2 and _blank(cells.get("number", "")):
        return filled <= 2 and not any(
            not _blank(cells.get(name, "")) for name in ("birth_date", "citizen_id", "phone", "email", "username")
        )
    return False


_READERS: dict[str, Callable[[Any], Any]] = {
    "full_name": values.parse_name,
    "birth_date": values.parse_date,
    "gender": values.parse_gender,
    "ethnicity": lambda cell: values.text_of(cell, 40),
    "hometown": values.text_of,
    "position": lambda cell: values.text_of(cell, 160),
    "organisation": values.text_of,
    "citizen_id": values.parse_citizen_id,
    "party_card": values.parse_party_card,
    "party_joined_on": values.parse_date,
    "email": values.parse_email,
    "phone": values.parse_phone,
    "username": values.parse_username,
}


def _read_row(line: int, cells: dict[str, Any], parsed: Parsed) -> None:
    learner = Learner(line, "")
    problems: list[RosterProblem] = []
    for name, cell in _joined(cells).items():
        reader = _READERS.get(name)
        if reader is None or (_blank(cell) and name != "full_name"):
            continue
        if name == "full_name" and cell == "":
            problems.append(RosterProblem(line, name, _("the name is missing")))
            continue
        try:
            value = reader(cell)
        except values.CellError as error:
            problems.append(RosterProblem(line, name, str(error)))
            continue
        setattr(learner, name, value.isoformat() if isinstance(value, dt.date) else str(value or ""))
    if learner.birth_date and learner.party_joined_on and learner.party_joined_on <= learner.birth_date:
        problems.append(RosterProblem(line, "party_joined_on", _("lies before the date of birth")))
    parsed.learners.append(learner)
    parsed.problems += problems


def _joined(cells: dict[str, Any]) -> dict[str, Any]:
    """Fold two columns of a name into one, and the columns *Nam* and *Nữ* into gender (and date of birth)."""
    joined = dict(cells)
    family, given = joined.pop("family_name", ""), joined.pop("given_name", "")
    if "full_name" not in joined:
        joined["full_name"] = f"{family} {given}".strip()
    elif not _blank(given):  # “Họ và tên” as a merged heading over two columns
        joined["full_name"] = f"{joined['full_name']} {given}"
    if _blank(joined["full_name"]):
        joined["full_name"] = ""
    for name, gender in (("male", Gender.MALE), ("female", Gender.FEMALE)):
        cell = joined.pop(name, "")
        if _blank(cell):
            continue
        if _blank(joined.get("gender", "")):
            joined["gender"] = gender.value
        if len(values.text_of(cell)) > 3 and _blank(joined.get("birth_date", "")):
            joined["birth_date"] = cell
    return joined


def in_file_order(problems: Iterable[RosterProblem]) -> list[RosterProblem]:
    """Return problems by row, and within a row by column as the list prints them."""
    places = {name: place for place, name in enumerate(COLUMNS)}
    return sorted(problems, key=lambda problem: (problem.line, places.get(problem.field, -1)))
