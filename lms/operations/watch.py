"""A process that does nothing but watch: it lives beside the web server and the worker, so that neither has to."""

from __future__ import annotations

import logging
import time

from django.db import close_old_connections

from lms.common.health import Finding
from lms.operations.services.watching import check_mail, hand_in_if_nobody_does, look

logger = logging.getLogger(__name__)

PAUSE = 30.0
MAIL_EVERY = 900.0
#: After a start the worker needs a moment; what it did not do before is no incident.
SETTLING = 100.0


def run() -> None:
    """Look every half a minute until the process is ended."""
    Watch().run()


class Watch:
    """One pass hands in what nobody hands in, then looks at every part. What fails is logged and tried again."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._mail: Finding | None = None
        self._mail_at = float("-inf")
        self._told: dict[str, str] = {}

    def run(self) -> None:
        while True:
            self.once()
            time.sleep(PAUSE)

    def once(self) -> None:
        """Do one pass; errors of one half do not stop the other."""
        close_old_connections()
        for name, act in (("handing in", hand_in_if_nobody_does), ("looking", self._look)):
            try:
                act()
            except Exception as error:
                if self._told.get(name) != str(error):
                    logger.exception("watching: %s failed", name)
                self._told[name] = str(error)
            else:
                self._told.pop(name, None)
        close_old_connections()

    def _look(self) -> None:
        if time.monotonic() - self._mail_at > MAIL_EVERY:
            self._mail, self._mail_at = check_mail(), time.monotonic()
            if not self._mail.ok:
                logger.warning("mail: %s", self._mail.facts.get("error"))
        if time.monotonic() - self._started < SETTLING:
            return
        look({"mail": self._mail} if self._mail else {})
