"""ID tokens that are not what they say, each made as its forger would."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from django.test import Client

from lms.people.oidc import SenOidcAdapter
from tests.lms.people.oidc.walk import BEGIN, come, is_in, pem, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


@pytest.fixture
def forged(provider, monkeypatch):
    """Return a function that puts another ID token in the place of the provider's: ``change(claims, key)``."""

    def forge(change):
        true = SenOidcAdapter.get_access_token_data

        def false(self, *arguments, **more):
            data = true(self, *arguments, **more)
            claims = jwt.decode(data["id_token"], options={"verify_signature": False})
            header = jwt.get_unverified_header(data["id_token"])
            data["id_token"] = change(claims, header)
            return data

        monkeypatch.setattr(SenOidcAdapter, "get_access_token_data", false)

    return forge


def signed(provider, claims, header):
    return jwt.encode(claims, provider.keys()[-1].read_text(), algorithm="RS256", headers={"kid": header["kid"]})


def test_what_the_forger_does_is_the_only_difference(linked, provider, forged):
    forged(lambda claims, header: signed(provider, claims, header))
    client = Client()
    come(client, provider)
    assert is_in(client)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"iss": "https://evil.example"}, "Invalid issuer"),
        ({"iss": None}, "iss"),
        ({"aud": "another"}, "Audience"),
        ({"aud": ["sen", "another"]}, "another client"),
        ({"aud": ["sen", "another"], "azp": "another"}, "another client"),
        ({"azp": "another"}, "another client"),
        ({"exp": 1}, "expired"),
        ({"exp": None}, "exp"),
        ({"nonce": "replayed"}, "another sign-in"),
        ({"nonce": None}, "nonce"),
        ({"sub": None}, "sub"),
        ({"sub": ""}, "names nobody"),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else "",
)
def test_a_claim_that_does_not_hold(linked, provider, forged, changed, words):
    def change(claims, header):
        both = claims | changed
        return signed(provider, {name: value for name, value in both.items() if value is not None}, header)

    forged(change)
    client = Client()
    refused(client, come(client, provider), words)


def part(data):
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE"])
def test_no_signature_is_no_token(linked, provider, forged, algorithm):
    forged(lambda claims, header: f"{part(header | {'alg': algorithm})}.{part(claims)}.")
    client = Client()
    refused(client, come(client, provider), "no signature")


def test_the_public_key_is_no_shared_secret(linked, provider, forged):
    """The old confusion: HMAC with what the provider publishes."""
    private = serialization.load_pem_private_key(provider.keys()[-1].read_bytes(), None)
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )

    def change(claims, header):
        text = f"{part(header | {'alg': 'HS256'})}.{part(claims)}"
        digest = hmac.new(public, text.encode(), hashlib.sha256).digest()
        return f"{text}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"

    forged(change)
    client = Client()
    refused(client, come(client, provider), "no signature")


def test_a_foreign_key_under_the_name_of_a_published_one(linked, provider, forged):
    foreign = pem().decode()
    forged(lambda claims, header: jwt.encode(claims, foreign, algorithm="RS256", headers={"kid": header["kid"]}))
    client = Client()
    refused(client, come(client, provider), "Signature verification failed")


def test_without_an_id_token(linked, provider, monkeypatch):
    true = SenOidcAdapter.get_access_token_data
    monkeypatch.setattr(
        SenOidcAdapter,
        "get_access_token_data",
        lambda self, *a, **k: {name: value for name, value in true(self, *a, **k).items() if name != "id_token"},
    )
    client = Client()
    refused(client, come(client, provider), "no ID token")


def test_a_new_key_of_the_provider_is_taken_and_a_withdrawn_one_is_not(linked, provider, forged):
    first = provider.keys()[0]
    old = first.read_text()
    new = provider.folder / "2.pem"
    new.write_bytes(pem())
    client = Client()
    come(client, provider)
    assert is_in(client), "both are published"
    try:
        first.rename(first.with_suffix(".away"))
        after = Client()
        come(after, provider)
        assert is_in(after), "the new one alone"

        def with_old(claims, header):
            return jwt.encode(claims, old, algorithm="RS256", headers={"kid": "of-the-withdrawn-key"})

        forged(with_old)
        thief = Client()
        refused(thief, come(thief, provider), "does not publish")
    finally:
        first.with_suffix(".away").rename(first)
        new.unlink()


def test_another_issuer_behind_the_address(provider, person, settings):
    settings.SEN_OIDC_ISSUER = provider.url.replace("localhost", "127.0.0.1")
    response = Client().post(BEGIN)
    assert response["Location"] == "/dang-nhap/"
