"""Addresses of the overview of units and of the learners behind it, under ``/dieu-hanh/``."""

from __future__ import annotations

from django.urls import path

from lms.portals.office.rollup.views import certificates, learners, overview

urlpatterns = [
    path("", overview.home, name="home"),
    path("don-vi/<int:unit_id>/", overview.unit_overview, name="unit"),
    path("don-vi/<int:unit_id>/so-lieu.<slug:file_format>", overview.unit_export, name="unit-export"),
    path("don-vi/<int:unit_id>/bieu-tong-hop/", overview.unit_form, name="unit-form"),
    path("don-vi/<int:unit_id>/bieu-tong-hop.<slug:file_format>", overview.unit_form_export, name="unit-form-export"),
    path("hoc-vien/", learners.learners, name="learners"),
    path("hoc-vien/danh-sach.<slug:file_format>", learners.learners_export, name="learners-export"),
    path("hoc-vien/<int:enrolment_id>/", learners.learner, name="learner"),
    path("hoc-vien/<int:enrolment_id>/thu-hoi-chung-nhan/", certificates.revoke, name="certificate-revoke"),
]
