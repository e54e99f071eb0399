"""Queries that are compiled once per process and then only run.

Django turns a queryset into SQL each time it is run. On our hottest pages that took more time than the database and
the templates together (ADR 15), though the SQL is always the same. A prepared query is an ordinary queryset, with the
vocabulary of our managers, whose values are left open::

    @prepared
    def _own(user: Any, enrolment: Any) -> QuerySet[Enrolment]:
        return Enrolment.objects.own(user).filter(pk=enrolment).select_related("training_class")

    found = _own.first(user=request.user, enrolment=enrolment_id)

The function runs once, with a :class:`ValueSlot` for each argument; its result must depend on nothing else: what may
differ between two runs (the moment, the day, the person) is an argument. ``tests/lms/common/test_prepared.py`` checks
every prepared query of the product for that.
"""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Count, Expression, QuerySet
from django.db.models.sql import UpdateQuery
from django.db.transaction import TransactionManagementError


class ValueSlot(Expression):
    """The place of a value that each run gives. Stands for a signed-in person where a queryset method takes one."""

    is_authenticated = True

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    @property
    def pk(self) -> ValueSlot:
        return self

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


@dataclass(frozen=True, slots=True)
class PreparedSql:
    """SQL that is ready but for its values: ``places`` says which parameter takes which argument."""

    queryset: Any
    compiler: Any
    converters: Any
    sql: str
    params: tuple[Any, ...]
    places: tuple[tuple[int, str], ...]
    locks: bool


class _Statement[Built]:
    """What prepared queries and updates share: a function that is run once for each kind of database."""

    def __init__(self, build: Callable[..., Built]) -> None:
        self.build = build
        self.__doc__ = build.__doc__
        self.name = f"{build.__module__}.{build.__qualname__}"
        self.arguments = tuple(inspect.signature(build).parameters)
        self._plans: dict[str, PreparedSql] = {}
        registry.append(self)

    def compile(self) -> PreparedSql:
        raise TypeError("a statement is a query or an update")

    def _ready(self, values: dict[str, Any]) -> tuple[PreparedSql, tuple[Any, ...]]:
        """Return the plan and its parameters for one run."""
        plan = self._plans.get(connection.vendor)
        if plan is None:
            plan = self._plans[connection.vendor] = self.compile()
        params = list(plan.params)
        for place, name in plan.places:
            params[place] = _adapt(values[name])
        return plan, tuple(params)

    def _built(self) -> Built:
        return self.build(**{name: ValueSlot(name) for name in self.arguments})

    def _plan(self, compiler: Any, queryset: Any, *, locks: bool = False, rows: bool = False) -> PreparedSql:
        sql, params = compiler.as_sql()
        places = tuple((place, value.name) for place, value in enumerate(params) if isinstance(value, ValueSlot))
        if {name for _place, name in places} != set(self.arguments):
            raise TypeError(f"{self.name}: every argument must be used by the query")
        columns = [column[0] for column in compiler.select[: compiler.col_count]] if rows else []
        return PreparedSql(queryset, compiler, compiler.get_converters(columns), sql, tuple(params), places, locks)


class Prepared[Row](_Statement[QuerySet[Any, Row]]):
    """A prepared query, made by :func:`prepared`. Runs on the default database."""

    def all(self, **values: Any) -> list[Row]:
        """Run the query. A model instance stands for its key, which nobody who is not signed in has."""
        plan, params = self._ready(values)
        if plan.locks and connection.get_autocommit():
            raise TransactionManagementError("A query that locks rows needs a transaction.")
        return list(plan.queryset._iterable_class(_Ready(plan, params)))

    def first(self, **values: Any) -> Row | None:
        """Run the query and return its first row, or ``None``. The query itself should ask for one row only."""
        return next(iter(self.all(**values)), None)

    def compile(self) -> PreparedSql:
        """Return the plan for the current database.

        Raises ``TypeError`` for what cannot be prepared: prefetching, and an argument that the query does not use.
        """
        queryset: Any = self._built()
        if queryset._prefetch_related_lookups:
            raise TypeError(f"{self.name}: a prepared query cannot prefetch")
        locks = queryset.query.select_for_update and connection.features.has_select_for_update
        return self._plan(queryset.query.get_compiler(using=connection.alias), queryset, locks=locks, rows=True)


class PreparedUpdate(_Statement[tuple[QuerySet[Any], dict[str, Any]]]):
    """A prepared update, made by :func:`prepared_update`."""

    def run(self, **values: Any) -> int:
        """Update the rows and return how many there were."""
        plan, params = self._ready(values)
        with transaction.mark_for_rollback_on_error(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(plan.sql, params)
            return int(cursor.rowcount)

    def compile(self) -> PreparedSql:
        """Return the plan for the current database; ``TypeError`` for an argument that the update does not use."""
        queryset, columns = self._built()
        query: Any = queryset.query.chain(UpdateQuery)
        query.add_update_values(columns)
        return self._plan(query.get_compiler(using=connection.alias), queryset)


# Every prepared query of the process, for the test that checks them all.
registry: Final[list[_Statement[Any]]] = []


def prepared[Row](build: Callable[..., QuerySet[Any, Row]]) -> Prepared[Row]:
    """Prepare the queryset that ``build`` returns (decorator)."""
    return Prepared(build)


def prepared_update(build: Callable[..., tuple[QuerySet[Any], dict[str, Any]]]) -> PreparedUpdate:
    """Prepare an update (decorator): ``build`` returns the rows and what ``QuerySet.update`` would be given."""
    return PreparedUpdate(build)


def counted(queryset: QuerySet[Any, Any]) -> QuerySet[Any, int]:
    """Return the query of ``queryset.count()``, to be prepared: one row that is the number of rows."""
    counting = queryset.order_by().values_list("pk", flat=True)
    counting.query.clear_select_clause()
    counting.query.add_annotation(Count("*"), "count")
    return counting


class _Ready:
    """Stands in for a queryset and its query where Django's iterables fetch rows through the compiler."""

    __slots__ = ("_fetch_mode", "_fields", "_known_related_objects", "compiler", "db", "model", "query")

    def __init__(self, plan: PreparedSql, params: tuple[Any, ...]) -> None:
        # Each run has a compiler of its own: a compiler belongs to a connection, and a connection to a thread.
        compiler = object.__new__(type(plan.compiler))
        compiler.__dict__.update(plan.compiler.__dict__)
        compiler.connection = connection
        compiler.as_sql = lambda: (plan.sql, params)
        compiler.get_converters = lambda _columns: plan.converters
        self.compiler = compiler
        self.query = self
        self.db = connection.alias
        self.model = plan.queryset.model
        self._fetch_mode = plan.queryset._fetch_mode
        self._fields = plan.queryset._fields
        self._known_related_objects: dict[Any, Any] = {}

    def get_compiler(self, using: str) -> Any:
        return self.compiler

    def __getattr__(self, name: str) -> Any:
        """What else an iterable asks of the query (the names of its columns) is the same in every run."""
        return getattr(self.compiler.query, name)


def _adapt(value: Any) -> Any:
    """Return ``value`` as the database takes it."""
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, dt.date):
        return connection.ops.adapt_datefield_value(value)
    return getattr(value, "pk", value)
