"""Accent-insensitive search on the database backends of modelsearch.

Stock settings fail on Vietnamese: SQLite's FTS5 does not fold đ and PostgreSQL's autocomplete ignores its search
configuration. So text is folded when it is indexed and again when it is asked for.
"""

from __future__ import annotations

import re
import sys
from typing import Any

from modelsearch.backends import database
from modelsearch.query import And, Boost, Not, Or, Phrase, PlainText

from lms.common.text import fold

# Asked for when a query has no word in it: the databases refuse an empty question, and no text holds this.
NOTHING = "0" * 24


def words_of(text: str) -> str:
    """Return the folded words of a question. Signs are left out: to SQLite's index they are operators."""
    return " ".join(re.findall(r"\w+", fold(text))) or NOTHING


def fold_query(query: Any) -> Any:
    """Return the query with every term folded; unknown kinds pass unchanged."""
    if isinstance(query, str):
        return words_of(query)
    if isinstance(query, PlainText):
        return PlainText(words_of(query.query_string), operator=query.operator)
    if isinstance(query, Phrase):
        return Phrase(words_of(query.query_string))
    if isinstance(query, And | Or):
        return type(query)([fold_query(part) for part in query.subqueries])
    if isinstance(query, Not):
        return Not(fold_query(query.subquery))
    if isinstance(query, Boost):
        return Boost(fold_query(query.subquery), query.boost)
    return query


def backend(params: dict[str, Any]) -> Any:
    """Build the database's own search backend with folding at index and query time."""
    search_backend = database.SearchBackend(params)
    module: Any = sys.modules[type(search_backend).__module__]
    if hasattr(module, "ObjectIndexer") and not hasattr(module.ObjectIndexer, "folds"):

        class FoldingIndexer(module.ObjectIndexer):
            folds = True

            def prepare_value(self, value: Any) -> str:
                return fold(super().prepare_value(value))

        module.ObjectIndexer = FoldingIndexer
    search = search_backend._search
    search_backend._search = lambda compiler, query, queryset, **kwargs: search(
        compiler, fold_query(query), queryset, **kwargs
    )
    return search_backend


SearchBackend = backend
