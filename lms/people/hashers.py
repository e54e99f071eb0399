"""Password hashing at the strength measured for this product."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class SenArgon2PasswordHasher(Argon2PasswordHasher):
    """argon2id at 19 MiB, t=2, p=1 (OWASP's first choice): 24 ms here, so that 5,000 people can sign in within
    five minutes; Django's default costs ten times as much.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
