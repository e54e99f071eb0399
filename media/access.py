"""Access to files of the library: for nobody, unless a registered policy says yes.

A file is used by things of higher layers (a public page, a lesson of a class), which media may not import. They
register a policy in ``AppConfig.ready()``; one yes is enough, and with none registered the answer is no.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

type Policy = Callable[[Any, Any], bool]

type Opens = Callable[[Any, str], bool | None]

_policies: list[Policy] = []
_guarded: list[Opens] = []


def register_policy(policy: Policy) -> Policy:
    """Add ``policy(user, file) -> bool``; registering the same one twice changes nothing."""
    if policy not in _policies:
        _policies.append(policy)
    return policy


def may_read(user: Any, file: Any) -> bool:
    """Whether ``user`` (who may be anonymous) may read ``file``, a document or an image of the library."""
    return any(policy(user, file) for policy in _policies)


def register_guarded(opens: Opens) -> Opens:
    """Add ``opens(user, name) -> bool`` for pictures of a higher app that stand in the folder of renditions.

    It answers ``None`` for a name that is not one of its own.
    """
    if opens not in _guarded:
        _guarded.append(opens)
    return opens


def opens_guarded(user: Any, name: str) -> bool | None:
    """Whether ``user`` may see the picture that a higher app stored as ``name``; ``None`` for the library's own."""
    return next((answer for opens in _guarded if (answer := opens(user, name)) is not None), None)
