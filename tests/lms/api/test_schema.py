"""The document of the API: complete, valid, and about nothing else."""

from __future__ import annotations

import pytest
from django.urls import get_resolver
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def document():
    """The document, and what its making complained about."""
    GENERATOR_STATS.reset()
    with GENERATOR_STATS.silence():
        schema = SchemaGenerator().get_schema(request=None, public=True)
    return schema, dict(GENERATOR_STATS._warn_cache), dict(GENERATOR_STATS._error_cache)


def test_nothing_is_ambiguous_and_the_document_is_valid(document):
    schema, warnings, errors = document
    assert (warnings, errors) == ({}, {})
    validate_schema(schema)


def test_it_holds_every_address_of_the_api_and_no_other(document):
    schema, _warnings, _errors = document
    (api,) = [one for one in get_resolver().url_patterns if str(one.pattern) == "api/v1/"]
    assert len(schema["paths"]) == len(api.url_patterns) - 2  # all but the document itself and what is no address
    assert all(path.startswith("/api/v1/") for path in schema["paths"])


def test_every_operation_says_what_it_is(document):
    schema, _warnings, _errors = document
    silent = [
        (path, method)
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
        if not operation.get("description")
    ]
    assert silent == []


def test_what_is_sent_for_a_blueprint_is_not_what_is_answered(document):
    schema, _warnings, _errors = document
    shapes = schema["components"]["schemas"]
    assert set(shapes["Blueprint"]["properties"]) == {"id", "name", "note", "unit", "bank", "version", "rows"}
    assert set(shapes["WrittenBlueprint"]["properties"]) == {"name", "note", "unit", "bank", "rows"}


def test_what_answers_pages_is_described_as_a_page(document):
    schema, _warnings, _errors = document
    shapes = schema["components"]["schemas"]
    paged = set()
    for path, operations in schema["paths"].items():
        answer = operations.get("get", {"responses": {}})["responses"].get("200", {}).get("content", {})
        name = answer.get("application/json", {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
        if shapes.get(name, {}).get("properties", {}).get("results", {}).get("type") == "array":
            paged.add(path.removeprefix("/api/v1/"))
        assert ("results" in shapes.get(name, {}).get("properties", {})) == (path.removeprefix("/api/v1/") in paged), (
            path
        )
    assert {"blueprints/", "exams/", "units/", "units/{id}/children/"} <= paged


def test_every_operation_says_what_it_may_refuse(document):
    schema, _warnings, _errors = document
    wanting = []
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            needed = {"400"} | ({"404"} if "{" in path else set()) | ({"409"} if method != "get" else set())
            needed |= {"401", "403"} if operation.get("security") else set()
            if not needed <= set(operation["responses"]):
                wanting.append((method, path))
            refusals = [answer for status, answer in operation["responses"].items() if status[0] == "4"]
            assert all(answer["description"] and answer["content"] for answer in refusals), path
    assert wanting == []


def integers(schema, node, path, seen=frozenset()):
    """Yield the way to each integer in a shape that has no largest value."""
    if "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        if name not in seen:
            yield from integers(schema, schema["components"]["schemas"][name], f"{path}:{name}", seen | {name})
        return
    if node.get("type") == "integer" and "maximum" not in node and not node.get("readOnly"):
        yield path
    for part in (*node.get("allOf", ()), *node.get("anyOf", ()), *node.get("oneOf", ())):
        yield from integers(schema, part, path, seen)
    for name, value in node.get("properties", {}).items():
        yield from integers(schema, value, f"{path}.{name}", seen)
    if "items" in node:
        yield from integers(schema, node["items"], f"{path}[]", seen)


def test_no_number_of_a_request_is_larger_than_a_database_holds(document):
    """Rows named by a related field are left out: Django finds none for such a number."""
    schema, _warnings, _errors = document
    open_ended = [
        found
        for path, operations in schema["paths"].items()
        for operation in operations.values()
        for body in operation.get("requestBody", {}).get("content", {}).values()
        for found in integers(schema, body["schema"], path)
    ]
    related = [f"/api/v1/exams/:ExamRules.{name}" for name in ("unit", "blueprint")]
    related += [f"/api/v1/exams/{{exam_id}}/rules/:PatchedExamRules.{name}" for name in ("unit", "blueprint")]
    assert sorted(open_ended) == sorted(related)
