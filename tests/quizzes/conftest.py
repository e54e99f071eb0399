"""A database that several threads and processes can use at once."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections


@pytest.fixture
def shared_db(transactional_db: None, tmp_path: Path) -> Iterator[str]:
    """Let threads and processes share the test database; the value is its DATABASE_URL ("" for a server).

    SQLite in memory locks whole tables among connections, as no real installation does; so the test runs on a copy
    in a file, in WAL mode with the settings of the product.
    """
    if connection.vendor != "sqlite":
        yield ""
        return
    path = tmp_path / "shared.sqlite3"
    connection.ensure_connection()
    memory, name = connection.connection, connection.settings_dict["NAME"]
    with sqlite3.connect(path) as copy:
        memory.backup(copy)
    copy.close()
    connection.connection = None
    connection.settings_dict["NAME"] = str(path)
    try:
        yield f"sqlite:///{path}"
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
        connection.connection = memory


@pytest.fixture
def at_once() -> Callable[..., list[Any]]:
    """Return a function that runs functions in threads that start together, and gives back results or errors."""

    def run(*functions: Callable[[], Any]) -> list[Any]:
        barrier = threading.Barrier(len(functions))
        results: list[Any] = [None] * len(functions)

        def work(index: int, function: Callable[[], Any]) -> None:
            try:
                barrier.wait(timeout=30)
                results[index] = function()
            except Exception as error:  # noqa: BLE001 (the test looks at it)
                results[index] = error
            finally:
                connections.close_all()

        threads = [threading.Thread(target=work, args=pair) for pair in enumerate(functions)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        return results

    return run
