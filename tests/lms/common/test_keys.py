"""Keys: made once where the product is tried, and changed one without the other."""

from __future__ import annotations

import pytest

from lms.audit.anchors import compare, dump, load, make_anchor
from lms.audit.services import record, verify
from lms.people.services import factors
from lms.settings.keys import local_key
from media.signing import is_signed, sign
from tests.factories.factors import code_of, give_app
from tests.factories.people import make_user


def test_a_local_key_is_made_once_for_its_owner_alone(tmp_path):
    folder = tmp_path / "keys"
    first = local_key(folder, "audit")
    assert len(first) == 64
    assert [local_key(folder, "audit"), local_key(folder, "factor") == first] == [first, False]
    assert {file.name: file.stat().st_mode & 0o777 for file in folder.iterdir()} == {"audit": 0o600, "factor": 0o600}


def test_of_processes_that_start_together_all_get_one_key(tmp_path, monkeypatch):
    """The other one makes its key between our look and our own."""
    folder = tmp_path / "keys"
    folder.mkdir()
    token = iter(["draft", "mine"])

    def other(length):
        (folder / "audit").write_text("of the other process")
        return next(token)

    monkeypatch.setattr("lms.settings.keys.secrets.token_hex", other)
    assert local_key(folder, "audit") == "of the other process"
    assert [file.name for file in folder.iterdir()] == ["audit"]


@pytest.mark.django_db
def test_a_new_web_key_touches_neither_record_nor_factors_nor_pictures(settings):
    user = make_user()
    codes = give_app(user)
    record(actor=user, action="test.did")
    anchor, picture = dump(make_anchor()), sign("a.webp")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "w" * 60
    record(actor=user, action="test.did")
    assert is_signed("a.webp", picture)
    assert is_signed("a.webp", sign("a.webp"))
    settings.SECRET_KEY_FALLBACKS = []  # sixty days later
    assert (verify(), compare(load(anchor))) == ([], [])
    factors.check(user=user, code=code_of(user))
    factors.check(user=user, code=codes[0])
