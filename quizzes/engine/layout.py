"""The letters that a paper gives to the parts of its questions, and their own ids in the item version.

A paper's options are lettered (a, b, c …), its statements, prompts and gaps numbered (1, 2, 3 …) in its own order. An
entry of a paper's layout holds the original ids in the order shown: ``options``, and for kinds with more parts
``order`` with the groups ``statements``, ``prompts``, ``gaps`` and ``gaps/<id>`` (the choices of one gap). Across a
question a part is named by its group and id, ``prompts/2`` or ``gaps/1/a``; an option by its id alone.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

LETTERS = string.ascii_lowercase


def letter(index: int) -> str:
    """Return the id shown for the option at ``index``: a, b, c …

    Raises:
        IndexError: beyond the 26th option.
    """
    return LETTERS[index]


def shown_by_original(options: Sequence[str]) -> dict[str, str]:
    """Map original option ids, given in the order shown, to the paper's letters.

    >>> shown_by_original(["c", "a"])
    {'c': 'a', 'a': 'b'}
    """
    return {original: letter(index) for index, original in enumerate(options)}


def original_by_shown(options: Sequence[str]) -> dict[str, str]:
    """Map the paper's letters back to original option ids, given in the order shown."""
    return {letter(index): original for index, original in enumerate(options)}


def shown_names(entry: Mapping[str, Any]) -> dict[str, str]:
    """Map the names of all parts of one question to what its paper calls them.

    >>> shown_names({"options": ["c", "a"], "order": {"prompts": ["2", "1"]}})
    {'c': 'a', 'a': 'b', 'prompts/2': '1', 'prompts/1': '2'}
    """
    return {
        _prefix(group) + original: _label(group, index)
        for group, originals in _groups(entry)
        for index, original in enumerate(originals)
    }


def original_names(entry: Mapping[str, Any]) -> dict[str, str]:
    """Map the names that parts have on the paper back to their own.

    >>> original_names({"options": ["c"], "order": {"gaps": ["2"], "gaps/2": ["b"]}})
    {'a': 'c', 'gaps/1': 'gaps/2', 'gaps/1/a': 'gaps/2/b'}
    """
    shown = shown_names(entry)
    names = {}
    for group, originals in _groups(entry):
        parent, _slash, ident = group.partition("/")
        shown_group = f"{parent}/{shown[group]}" if ident else group
        for index, original in enumerate(originals):
            names[_prefix(shown_group) + _label(group, index)] = _prefix(group) + original
    return names


def _groups(entry: Mapping[str, Any]) -> Iterator[tuple[str, Sequence[str]]]:
    yield "options", entry.get("options", [])
    yield from entry.get("order", {}).items()


def _prefix(group: str) -> str:
    return "" if group == "options" else f"{group}/"


def _label(group: str, index: int) -> str:
    """Options and the choices of a gap are lettered, everything else is numbered."""
    return letter(index) if group == "options" or "/" in group else str(index + 1)
