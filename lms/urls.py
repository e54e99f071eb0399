"""Every address of the product, flat. A new one must be classified in tests/architecture (URL × role matrix)."""

from __future__ import annotations

from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls

from lms.common import failures

handler400, handler403 = failures.handler400, failures.handler403
handler404, handler500 = failures.handler404, failures.handler500

# /healthz and /readyz are answered before any address is looked up (lms.common.failures).
urlpatterns = [
    path("", include("lms.certificates.urls")),
    path("", include("lms.common.urls")),
    path("", include("lms.guides.urls")),
    path("", include("lms.notifications.urls")),
    path("", include("lms.people.urls")),  # before Wagtail's: it answers Wagtail's own sign-in
    path("api/v1/", include("lms.api.urls")),
    path("dieu-hanh/", include("lms.portals.office.urls")),
    path("giang-day/", include("lms.portals.teacher.urls")),
    path("hoc/", include("lms.portals.learner.urls")),
    path("khao-thi/", include("lms.portals.exams.urls")),
    path("lam-bai/", include("lms.exams.urls")),
    path("quan-tri/", include("cms.admin_urls")),
    path("quan-tri/", include(wagtailadmin_urls)),
    path("", include("media.urls")),
    path("", include("cms.urls")),  # last: it takes every address that is left
]
