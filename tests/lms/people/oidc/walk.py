"""A provider of identities in a process of its own, and the ways to it and back."""

from __future__ import annotations

import re

import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.auth import SESSION_KEY
from django.contrib.messages import get_messages

from lms.audit.models import AuditEntry

GOOD = "Sông-Hồng-1930"
BEGIN, ANSWER = "/dang-nhap/lien-ket/", "/dang-nhap/lien-ket/tra-loi/"
IDENTITIES, LINK = "/ho-so/lien-ket/", "/ho-so/lien-ket/moi/"


def pem() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


class Provider:
    """The running provider, and a browser that is somebody there."""

    def __init__(self, url, folder):
        self.url, self.folder = url, folder

    def browser(self, username, email=""):
        session = requests.Session()
        session.get(f"{self.url}/be/{username}/", params={"email": email}).raise_for_status()
        return session

    def answer(self, location, username="bay", email=""):
        """Be ``username`` at the provider, and return the address that it sends the browser back to."""
        response = self.browser(username, email).get(location, allow_redirects=False)
        assert response.status_code == 302, response.text
        return re.sub(r"^http://testserver", "", response.headers["Location"])

    def keys(self):
        return sorted(self.folder.glob("*.pem"))


def enter(client, name="bay"):
    assert client.post("/dang-nhap/", {"username": name, "password": GOOD}).status_code == 302
    return client


def link(client, provider, username="bay", email=""):
    """Link an identity of the provider to the account that is signed in."""
    asked = client.post(LINK)
    return client.get(provider.answer(asked["Location"], username, email))


def begin(client, **more):
    return client.post(BEGIN, more)["Location"]


def come(client, provider, username="bay", email="", **more):
    return client.get(provider.answer(begin(client, **more), username, email))


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def is_in(client):
    return SESSION_KEY in client.session


def why():
    return [entry.data["why"] for entry in AuditEntry.objects.filter(action="people.identity_refused")]


def refused(client, response, words=""):
    assert (response.status_code, response.headers["Location"], is_in(client)) == (302, "/dang-nhap/", False)
    assert len(said(response)) == 1
    if words:
        assert words in why()[-1], why()
