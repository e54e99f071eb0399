"""Signing in through a provider of identities (OpenID Connect), stricter than django-allauth's own.

allauth skips the signature of an ID token that comes straight from the provider, sends no nonce, takes parameters for
the provider from the address and keeps e-mail addresses that a provider calls verified. Here the ID token is the only
thing that counts: signed by a key that the provider publishes now, for this client, from this issuer, for this very
sign-in. A person is known by issuer and ``sub``, never by an e-mail.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any, Final

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

# Signatures of key pairs alone: never "none", never a shared secret.
ALGORITHMS: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
LEEWAY: Final = 60  # seconds that the provider's clock may differ
_ENDPOINTS: Final = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")


def is_configured() -> bool:
    """Whether this installation has a provider of identities."""
    return bool(settings.SEN_OIDC_ISSUER)


def provider_id() -> str:
    """Return what identities of this issuer are kept under: another issuer's ``sub`` is another person's."""
    return f"oidc-{hashlib.sha256(settings.SEN_OIDC_ISSUER.encode()).hexdigest()[:24]}"


def client_app() -> SocialApp:
    """Return this installation as the provider knows it; it stands in the settings and in no table."""
    return SocialApp(
        provider=OpenIDConnectProvider.id,
        provider_id=provider_id(),
        name=settings.SEN_OIDC_NAME,
        client_id=settings.SEN_OIDC_CLIENT_ID,
        secret=settings.SEN_OIDC_CLIENT_SECRET,
        settings={"server_url": settings.SEN_OIDC_ISSUER.rstrip("/"), "oauth_pkce_enabled": True},
    )


def nonce_of(code_verifier: str) -> str:
    """Return the nonce of a sign-in: it follows from the secret that PKCE keeps in the session."""
    digest = hashlib.sha256(b"lms.people.oidc.nonce:" + code_verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


class SenOidcAdapter(OpenIDConnectOAuth2Adapter):
    """Talks to the provider."""

    nonce: str = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        """Return the configuration that the provider publishes.

        Raises:
            OAuth2Error: it is of another issuer, or something is missing.
        """
        config: Any = super().openid_config
        if not isinstance(config, dict) or not all(isinstance(config.get(name), str) for name in _ENDPOINTS):
            raise OAuth2Error("The provider's configuration is not whole.")
        if config["issuer"] != settings.SEN_OIDC_ISSUER:
            raise OAuth2Error("The provider's configuration names another issuer.")
        return config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return str(build_absolute_uri(request, reverse("login-oidc-answer")))

    def get_access_token_data(
        self, request: HttpRequest, app: SocialApp, client: Any, pkce_code_verifier: str | None = None
    ) -> Any:
        if not pkce_code_verifier:
            raise OAuth2Error("The sign-in did not begin here.")
        self.nonce = nonce_of(pkce_code_verifier)
        return super().get_access_token_data(request, app, client, pkce_code_verifier=pkce_code_verifier)

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> Any:
        claims = self._claims(app, kwargs["response"].get("id_token"))
        return self.get_provider().sociallogin_from_response(request, claims)

    def _claims(self, app: SocialApp, id_token: Any) -> dict[str, Any]:
        """Return what the ID token says (OpenID Connect Core 1.0, 3.1.3.7).

        Raises:
            OAuth2Error: any part of it does not hold.
        """
        if not isinstance(id_token, str):
            raise OAuth2Error("There is no ID token.")
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=self._key(id_token),
                algorithms=sorted(ALGORITHMS),
                issuer=settings.SEN_OIDC_ISSUER,
                audience=app.client_id,
                leeway=LEEWAY,
                options={"require": ["iss", "aud", "exp", "iat", "sub", "nonce"]},
            )
        except (jwt.PyJWTError, TypeError, ValueError) as error:
            raise OAuth2Error(f"The ID token does not hold: {error}") from error
        audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if (len(audience) > 1 or "azp" in claims) and claims.get("azp") != app.client_id:
            raise OAuth2Error("The ID token is for another client.")
        if claims["nonce"] != self.nonce:
            raise OAuth2Error("The ID token is of another sign-in.")
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise OAuth2Error("The ID token names nobody.")
        return claims

    def _key(self, id_token: str) -> Any:
        """Return the published key that the token names; keys are asked for anew at every sign-in."""
        header = jwt.get_unverified_header(id_token)
        if header.get("alg") not in ALGORITHMS:
            raise OAuth2Error("The ID token has no signature of a key pair.")
        with get_adapter().get_requests_session() as session:
            response = session.get(self.openid_config["jwks_uri"])
            response.raise_for_status()
            published = response.json()
        for one in jwt.PyJWKSet.from_dict(published).keys:
            if one.key_id == header.get("kid") and one.key_type != "oct":
                return one.key
        raise OAuth2Error("The ID token is signed by a key that the provider does not publish.")


class SenOidcProvider(OpenIDConnectProvider):
    """The provider: the questions to it, and the part of its answer that is kept."""

    oauth2_adapter_class = SenOidcAdapter

    def get_default_scope(self) -> list[str]:
        return ["openid", "profile"]

    def get_pkce_params(self) -> dict[str, str]:
        """The secret that binds the answer to this browser, and the nonce that binds the ID token to it."""
        params: dict[str, str] = super().get_pkce_params()
        return params | {"nonce": nonce_of(params["code_verifier"])}

    def extract_uid(self, data: dict[str, Any]) -> str:
        return str(data["sub"])

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """The name by which the person recognises the identity, and nothing else."""
        shown = data.get("preferred_username") or data.get("name") or data["sub"]
        return {"shown": str(shown)[:120]}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """None: what a provider calls a verified address proves nothing here."""
        return []
