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
