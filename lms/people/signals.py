"""What people tells the apps above it."""

from __future__ import annotations

from django.dispatch import Signal

# Sent inside the transaction after a role was granted, changed or ended. Arguments: ``user``, ``unit``, ``role``.
membership_changed = Signal()

# Sent inside the transaction in which units got another heir (services.heirs). Argument: ``unit_ids``.
heirs_changed = Signal()
