"""Usernames made from names: numbered, or with digits that are drawn."""

from __future__ import annotations

import re
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import batched
from typing import Any

from django.db.models.functions import Lower

from lms.common.text import fold
from lms.people.models import User

_BATCH = 5000  # names in one IN list
_NOT_NAME = re.compile(r"[^a-z0-9]+")


def _present(queryset: Any, values: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for chunk in batched(sorted(values), _BATCH, strict=False):
        found.update(queryset.filter(key__in=chunk).values_list("key", flat=True))
    return found


def base_of(user: User) -> str:
    """Return the username that ``user`` would have if there were only one person of the name."""
    words = _NOT_NAME.sub(" ", fold(user.get_full_name())).split()
    return ".".join(words)[:120] or "hoc.vien"


def numbered_usernames(bases: Sequence[str], reserved: set[str]) -> Iterator[str]:
    """Yield one free username for each of ``bases``: the base itself, else base2, base3 …

    Numbers are tried in windows that double, each window of all names in one query, so that ten thousand people
    of which half are called Nguyễn Văn Anh still cost a few queries.
    """
    wanted: dict[str, int] = {}
    for base in bases:
        wanted[base] = wanted.get(base, 0) + 1
    free: dict[str, list[str]] = {base: [] for base in wanted}
    nexts = dict.fromkeys(wanted, 1)
    while short := {base: count - len(free[base]) for base, count in wanted.items() if len(free[base]) < count}:
        tried = {}
        for base, missing in short.items():
            first = nexts[base]
            # The name itself goes to its own base first: "an2" may also be what somebody is really called.
            nexts[base] = first + (1 if first == 1 else max(missing, first))
            tried[base] = [_numbered(base, number) for number in range(first, nexts[base])]
        names = {name for window in tried.values() for name in window}
        used = _present(User.objects.annotate(key=Lower("username")), names) | reserved
        for base, window in tried.items():
            fresh = [name for name in window if name not in used]
            free[base] += fresh
            used.update(fresh)
            reserved.update(fresh)
    supply = {base: iter(names) for base, names in free.items()}
    for base in bases:
        yield next(supply[base])


def drawn_usernames(bases: Sequence[str]) -> Iterator[str]:
    """Yield a username for each of ``bases`` with digits that are drawn, so that they tell nothing about other names.

    Four digits, more where many of a load have one name or where three draws met names that exist.
    """
    counts = Counter(bases)
    names: dict[int, str] = {}
    drawn: set[str] = set()
    missing = dict(enumerate(bases))
    attempt = 0
    while missing:
        width = 4 + attempt // 3
        tried: dict[int, str] = {}
        for index, base in missing.items():
            digits = width if counts[base] <= 500 else width + 2
            name = _with_digits(base, digits)
            while name in drawn:
                name = _with_digits(base, digits)
            drawn.add(name)
            tried[index] = name
        used = _present(User.objects.annotate(key=Lower("username")), tried.values())
        names.update((index, name) for index, name in tried.items() if name not in used)
        missing = {index: bases[index] for index, name in tried.items() if name in used}
        attempt += 1
    for index in range(len(bases)):
        yield names[index]


def _with_digits(base: str, digits: int) -> str:
    return f"{base}.{secrets.randbelow(10**digits):0{digits}}"


def _numbered(base: str, number: int) -> str:
    return base if number == 1 else f"{base}{number}"
