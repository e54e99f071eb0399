"""Forms whose answer shows a secret once: sending one again must not make another secret in place of the first."""

from __future__ import annotations

from django.http import HttpRequest

from lms.common.once import FIELD
from lms.people.models import User
from lms.people.services.sent_forms import MAX_KEY, claim_form


def is_repeat(request: HttpRequest) -> bool:
    """Whether the person sent this very form before; remembers it if not.

    A page that was answered to a POST sends it again when it is reloaded, and an impatient hand presses twice. Forms
    carry the field with the tag ``{% once %}``; what comes without it (a program) is never a repeat. Called by views
    that only people who are signed in reach.

    Side effects: writes a row.
    """
    key = request.POST.get(FIELD, "")[:MAX_KEY].replace("\x00", "")
    return bool(key) and isinstance(request.user, User) and not claim_form(user=request.user, key=key)
