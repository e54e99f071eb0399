"""The sentences of notifications, by kind. Every app registers its own in ``AppConfig.ready``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_sentences: dict[str, str | Promise] = {}


class UnknownNotificationKindError(LookupError):
    """No app registered this kind of notification."""


def register(kind: str, sentence: str | Promise) -> None:
    """Name the sentence of ``kind``: a lazy translation with named placeholders (``%(class)s``)."""
    _sentences[kind] = sentence


def is_known(kind: str) -> bool:
    """Whether ``kind`` has a sentence."""
    return kind in _sentences


def sentence(kind: str, params: Mapping[str, Any]) -> str:
    """Return the sentence of ``kind`` in the reader's language; a parameter that is missing is shown as "…"."""
    template = str(_sentences.get(kind, _("You have a new message.")))
    return template % _Lenient(params)


class _Lenient(dict[str, Any]):
    """An old row must stay readable after its sentence got another parameter."""

    def __missing__(self, key: str) -> str:
        return "…"
