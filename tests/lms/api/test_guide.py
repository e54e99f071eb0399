"""The API guide tells the truth: each of its requests is sent as it stands there, each answer has the shape shown."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from lms.people.models import User
from tests.factories.learning import make_study

GUIDE = (Path(settings.BASE_DIR) / "docs/api.md").read_text()
BLOCK = re.compile(r"^```sh\n(?P<request>.*?)^```\n(?:\n```json\n(?P<answer>.*?)^```\n)?", re.MULTILINE | re.DOTALL)
EXPECTED = {"attempt_closed": 409}


def shape(value: Any) -> Any:
    """Return the keys and the kinds of values; an empty or missing value fits anything."""
    if isinstance(value, dict):
        return {key: shape(below) for key, below in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else None
    return {bool: "yes or no", int: "number", float: "number", str: "text"}.get(type(value))


def fits(shown: Any, given: Any) -> bool:
    """Whether the answer has exactly the keys and kinds of what is shown."""
    if shown is None or given is None:
        return True
    if isinstance(shown, dict) and isinstance(given, dict):
        return shown.keys() == given.keys() and all(fits(shown[key], given[key]) for key in shown)
    if isinstance(shown, list) and isinstance(given, list):
        return fits(shown[0], given[0])
    return bool(shown == given)


def send(line: str, values: dict[str, str]) -> Any:
    """Send what curl would send."""
    for name, value in values.items():
        line = line.replace(f"${name}", value)
    assert "$" not in line
    words = shlex.split(line.replace("\\\n", " "))
    assert words.pop(0) == "curl"
    method, url, data, headers = "GET", "", None, {}
    while words:
        word = words.pop(0)
        match word:
            case "-X":
                method = words.pop(0)
            case "-d":
                data = words.pop(0)
            case "-H":
                name, _, value = words.pop(0).partition(": ")
                headers[name] = value
            case _:
                url = word
    kind = headers.pop("Content-Type", "application/octet-stream")
    return Client(headers=headers).generic(method, url, data or "", content_type=kind)


@pytest.mark.django_db
def test_every_request_of_the_guide_works(quick_passwords: None) -> None:
    study = make_study(exam_fields={"time_limit": 45})
    User.objects.filter(pk=study.learner.pk).update(username="hocvien")
    learner = User.objects.get(pk=study.learner.pk)
    learner.set_password("sen-demo")
    learner.save(update_fields=["password"])
    values = {
        "SEN": "",
        "ENROLMENT": str(study.enrolment.pk),
        "LESSON": str(study.items("lesson")[0].pk),
        "TEST": str(study.items("exam")[0].pk),
    }
    sent = []
    for block in BLOCK.finditer(GUIDE):
        answer = send(block["request"], values)
        body = answer.json()
        shown = json.loads(block["answer"]) if block["answer"] else None
        if "/certificates/" in block["request"]:
            assert answer.status_code == 404
        else:
            assert answer.status_code == EXPECTED.get(body.get("code"), answer.status_code)
            assert answer.status_code < 400 or body["code"] in EXPECTED, body
        assert shown is None or fits(shape(shown), shape(body)), (block["request"], body)
        if "token" in body and "expires_at" in body:
            values["TOKEN"] = body["token"]
        if "offline_key" in body:
            values["ATTEMPT"] = str(body["id"])
        sent.append((answer.wsgi_request.method, answer.status_code))
    assert sent == [
        ("POST", 200),  # the token
        ("GET", 200),  # me
        ("GET", 200),  # my enrolments
        ("GET", 200),  # one of them
        ("PUT", 200),  # progress
        ("POST", 201),  # a test begins
        ("GET", 200),  # its paper
        ("PUT", 200),  # an answer
        ("POST", 200),  # hand in
        ("GET", 200),  # the review
        ("PUT", 409),  # too late
        ("GET", 404),  # an unknown certificate
    ]


def test_a_wrong_shape_is_noticed() -> None:
    assert fits(shape({"a": 1, "b": [{"c": "x"}]}), shape({"a": 2.5, "b": [{"c": "y"}, {}]}))
    assert not fits(shape({"a": 1}), shape({"a": "1"}))
    assert not fits(shape({"a": 1}), shape({"a": 1, "b": 2}))
    assert not fits(shape({"b": [{"c": "x"}]}), shape({"b": [{"d": "x"}]}))
