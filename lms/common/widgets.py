"""Widgets that more than one app's forms use."""

from __future__ import annotations

from typing import Any

from django import forms


class CodeInput(forms.TextInput):
    """A field for a code that is typed from paper or a screen: capitals on phones, and no spelling help."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"} | (attrs or {}))
