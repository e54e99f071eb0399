"""The field that tells a form sent again from a new one; the tag ``{% once %}`` draws it, lms.people reads it."""

from __future__ import annotations

FIELD = "once"
