"""Forms whose answer shows a secret once: sending one again must not make another secret in place of the first."""

from __future__ import annotations

from django.http import HttpRequest

FIELD = "once"
_SESSION_KEY = "sen_sent_once"
_REMEMBERED = 20  # forms; an older page is one that nobody reloads any more


def is_repeat(request: HttpRequest) -> bool:
    """Whether this very form was sent before in this session; remembers it if not.

    A page that was answered to a POST sends it again when it is reloaded. Forms carry the field with the tag
    ``{% once %}``; what comes without it (a program) is never a repeat.

    Side effects: writes to the session.
    """
    key = request.POST.get(FIELD, "")[:40]
    if not key:
        return False
    sent: list[str] = request.session.get(_SESSION_KEY, [])
    if key in sent:
        return True
    request.session[_SESSION_KEY] = [*sent, key][-_REMEMBERED:]
    return False
