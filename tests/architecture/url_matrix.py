"""Who may GET what: one line for each address of the product.

Statuses stand in the order of :data:`tests.factories.cast.ROLES`. Rows belong to ``learner``: whoever else may see them
does so by a role. 302 is the way to the sign-in page for strangers, or a page that sends on; 404 is the answer both to
what is absent and to what is forbidden; 405 is an address that only takes writes.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Rule:
    """The statuses for one address. ``arguments`` renames what stands for an argument, ``path`` replaces reversing."""

    statuses: tuple[int, ...]
    arguments: dict[str, str] = field(default_factory=dict)
    path: str = ""


def everyone(status: int = 200, **more: str) -> Rule:
    """The same for all, strangers too."""
    return Rule((status,) * 8, more)


def signed_in(status: int = 200, *, stranger: int = 302, **more: str) -> Rule:
    """Anybody with an account."""
    return Rule((stranger, *(status,) * 7), more)


def own(status: int = 200, *, stranger: int = 302, **more: str) -> Rule:
    """Only the learner whose row it is; for all others it does not exist."""
    return Rule((stranger, status, *(404,) * 6), more)


MATRIX: dict[str, Rule] = {}
UNNAMED: set[str] = set()
ADMINISTRATION_OPEN: set[str] = set()
