"""Signals of people to the apps above it."""

from __future__ import annotations

from django.dispatch import Signal

# Sent inside the transaction after a role was granted, changed or ended. Arguments: ``user``, ``unit``, ``role``.
membership_changed = Signal()

# Sent inside the transaction in which units got another heir (services.heirs). Argument: ``unit_ids``.
heirs_changed = Signal()

# Sent inside the transaction after somebody asked to be erased, and after such a request was refused. Argument:
# ``request``, the row.
erasure_asked = Signal()
erasure_refused = Signal()

# Sent after many wrong passwords for an account from unknown browsers, once a day. Arguments: ``user_id``, ``tries``.
sign_in_guessed = Signal()

# Sent inside the transaction after a person's home was moved. Arguments: ``user``, ``before`` (the id of the former
# unit or ``None``), ``unit``, ``actor``.
home_moved = Signal()
