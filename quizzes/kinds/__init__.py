"""Kinds of questions, one module each. A new kind is a new module here that registers itself; nothing else changes.

Importing this package loads every kind.
"""

from __future__ import annotations

import importlib
import pkgutil

from quizzes.kinds.base import Kind, all_kinds, get_kind, register

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

__all__ = ["Kind", "all_kinds", "get_kind", "register"]
