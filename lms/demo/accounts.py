"""The accounts of the demo data, as the server prints them at its start."""

from __future__ import annotations

from django.conf import settings

from lms.demo.loader.people import PASSWORD
from lms.people.models import User

ACCOUNTS = {
    "hocvien": "learner",
    "giangvien": "lecturer",
    "khaothi": "exam officer",
    "quanly": "manager of a centre",
    "tinh": "manager of a province",
    "trunguong": "manager of the country",
    "quantri": "administrator",
}


def notice() -> list[str]:
    """Return the lines that name the accounts; none where the demo data was not loaded."""
    if not settings.SEN_DEMO:
        return []
    found = {user.username: user for user in User.objects.active().filter(username__in=ACCOUNTS)}
    if "hocvien" not in found or not found["hocvien"].check_password(PASSWORD):
        return []
    lines = [f"    {name:<10} {what}" for name, what in ACCOUNTS.items() if name in found]
    return ["", f"  Demo accounts, all with the password {PASSWORD}:", *lines]
