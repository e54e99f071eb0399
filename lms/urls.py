"""Every address of the product, flat. A new one must be classified in tests/architecture (URL × role matrix)."""

from __future__ import annotations

from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls

from lms.common.health import healthz, readyz

urlpatterns = [
    path("", include("lms.certificates.urls")),
    path("", include("lms.common.urls")),
    path("", include("lms.notifications.urls")),
    path("", include("lms.people.urls")),  # before Wagtail's: it answers Wagtail's own sign-in
    path("api/v1/", include("lms.api.urls")),
    path("dieu-hanh/", include("lms.portals.office.urls")),
    path("giang-day/", include("lms.portals.teacher.urls")),
    path("healthz", healthz, name="healthz"),
    path("hoc/", include("lms.portals.learner.urls")),
    path("khao-thi/", include("lms.portals.exams.urls")),
    path("lam-bai/", include("quizzes.urls")),
    path("quan-tri/", include("cms.admin_urls")),
    path("quan-tri/", include(wagtailadmin_urls)),
    path("readyz", readyz, name="readyz"),
    path("", include("media.urls")),
    path("", include("cms.urls")),  # last: it takes every address that is left
]
