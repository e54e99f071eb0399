"""The database wrapper that ``DATABASES["default"]["ENGINE"]`` names for PostgreSQL."""

from __future__ import annotations

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks the socket, not the server, whether a connection that was kept from an earlier request may be used."""

    def is_usable(self) -> bool:
        """Tell whether the connection lives, without a round trip where nothing speaks against it.

        The server says nothing unasked to an idle connection but its end, so a quiet socket is a living connection.
        Where something is there to be read, Django's own way (``SELECT 1``) decides.
        """
        connection = self.connection
        if connection is None or connection.closed:
            return False
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
        if not poll.poll(0):
            return True
        return bool(super().is_usable())
