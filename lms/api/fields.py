"""Fields that several areas of the API take."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

#: The largest whole number that every database keeps.
LARGEST = 2**63 - 1


class NumberField(serializers.IntegerField):
    """A whole number that a database can hold: an id, a version, a count. A larger one is refused as a wrong field."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 0)
        kwargs.setdefault("max_value", LARGEST)
        super().__init__(**kwargs)
