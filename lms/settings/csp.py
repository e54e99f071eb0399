"""Sources that a page of this site may load from."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.utils.csp import CSP

from lms.settings.environment import env

# The button that signs in through a provider of identities is a form, and browsers follow where its answer leads.
_issuer = urlsplit(env.str("SEN_OIDC_ISSUER", default=""))
_PROVIDER = [f"{_issuer.scheme}://{_issuer.netloc}"] if _issuer.netloc else []

SECURE_CSP: dict[str, Any] = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "media-src": [CSP.SELF, "blob:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF, *_PROVIDER],
    "frame-ancestors": [CSP.NONE],
}
# The Wagtail administration starts its widgets by inline scripts (lms.common.csp says why no nonce can help).
SEN_ADMIN_CSP: dict[str, Any] = SECURE_CSP | {
    "script-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "frame-src": [CSP.SELF],  # the preview beside the editor
    "frame-ancestors": [CSP.SELF],
}
