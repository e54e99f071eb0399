"""Addresses of ``/api/v1``: one module an area, each with its own ``urlpatterns``."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.views import SpectacularAPIView

from lms.api import (
    accounts,
    attempts,
    bank_tools,
    banks,
    certificates,
    classes,
    enrolment_requests,
    enrolments,
    exam_statistics,
    exam_terms,
    gradebook,
    marking,
    papers,
    question_decisions,
    question_files,
    sheets,
    sittings,
    units,
)
from lms.api.errors import Nowhere

app_name = "api"
urlpatterns: list[URLPattern] = [
    *attempts.urlpatterns,  # first: papers and answers of an exam day
    path("schema/", SpectacularAPIView.as_view(renderer_classes=[OpenApiJsonRenderer]), name="schema"),
    *accounts.urlpatterns,
    *bank_tools.urlpatterns,
    *banks.urlpatterns,
    *certificates.urlpatterns,
    *classes.urlpatterns,
    *enrolment_requests.urlpatterns,
    *enrolments.urlpatterns,
    *exam_statistics.urlpatterns,
    *exam_terms.urlpatterns,
    *gradebook.urlpatterns,
    *marking.urlpatterns,
    *sheets.urlpatterns,
    *sittings.urlpatterns,
    *papers.urlpatterns,
    *question_decisions.urlpatterns,
    *question_files.urlpatterns,
    *units.urlpatterns,
    re_path(r"^.*/$", Nowhere.as_view(), name="nowhere"),
]
