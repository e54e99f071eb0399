"""Addresses of the item banks, under ``/khao-thi/ngan-hang/``."""

from __future__ import annotations

from django.urls import path

from lms.portals.exams.bank.views import banks

urlpatterns = [
    path("", banks.bank_list, name="banks"),
]
