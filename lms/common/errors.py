"""The error of services when a rule of the field says no."""

from __future__ import annotations


class DomainError(Exception):
    """A rule was broken by the caller. ``code`` is stable for machines; ``str()`` is a translated sentence."""

    code = "invalid"

    def __init__(
        self, message: object = "", *, code: str | None = None, fields: dict[str, list[str]] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields or {}
        if code:
            self.code = code

    def __str__(self) -> str:
        return str(self.message)
