"""Names of addresses are words joined by hyphens: ``office:class-learners``."""

from __future__ import annotations

import re

import pytest
from django.urls import get_resolver

from tests.architecture.entrances import is_ours
from tests.architecture.urls import callbacks

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

#: Beginnings of names by which a library looks up a view of ours.
LIBRARIES = {
    "account_": "django-allauth",
    "mfa_": "django-allauth",
    "wagtail_": "Wagtail",
    "wagtaildocs_": "Wagtail",
}


def named() -> list[str]:
    """Return the names that we gave: of our views, without those that Wagtail gives inside a viewset's namespace."""
    ours = {str(pattern.app_name) for pattern in get_resolver().url_patterns if getattr(pattern, "app_name", None)}
    names = {name for name, view in callbacks() if name and is_ours(view.__module__)}
    return sorted(
        name
        for name in names
        if (":" not in name or name.partition(":")[0] in ours) and not name.startswith(tuple(LIBRARIES))
    )


def test_names_of_addresses_are_words_joined_by_hyphens():
    names = named()
    assert len(names) > 250
    assert [name for name in names if not NAME.fullmatch(name.rpartition(":")[2])] == []


@pytest.mark.parametrize(
    ("name", "fine"),
    [
        ("class", True),
        ("class-learners", True),
        ("class_learners", False),
        ("classLearners", False),
        ("class-", False),
        ("-class", False),
    ],
)
def test_the_form_of_a_name(name, fine):
    assert bool(NAME.fullmatch(name)) is fine
