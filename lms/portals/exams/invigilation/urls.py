"""Addresses of invigilation, under ``/khao-thi/coi-thi/``."""

from __future__ import annotations

from django.urls import path

from lms.portals.exams.invigilation.views import acts, boards, classes, results, setup

urlpatterns = [
    path("", boards.sittings, name="sittings"),
    path("moi/", setup.pick_class, name="sitting-pick"),
    path("moi/<int:class_id>/", setup.new, name="sitting-new"),
    path("lop/<int:class_id>/<int:item_id>/", classes.test, name="class-test"),
    path("lop/<int:class_id>/<int:item_id>/bai/<int:attempt_id>/", classes.attempt, name="class-attempt"),
    path("lop/<int:class_id>/<int:item_id>/hoc-vien/<int:enrolment_id>/", classes.allowance, name="class-allowance"),
    path("lop/<int:class_id>/<int:item_id>/tep/", classes.upload, name="class-upload"),
    path("lop/<int:class_id>/<int:item_id>/tep/<int:file_id>/", classes.offline_file, name="class-file"),
    path("<int:sitting_id>/", boards.board, name="sitting"),
    path("<int:sitting_id>/bang/", boards.rows, name="sitting-rows"),
    path("<int:sitting_id>/sua/", setup.edit, name="sitting-edit"),
    path("<int:sitting_id>/lenh/", acts.act, name="sitting-act"),
    path("<int:sitting_id>/man-chieu/", boards.projector, name="sitting-projector"),
    path("<int:sitting_id>/man-chieu/so-lieu/", boards.projector_figures, name="sitting-figures"),
    path("<int:sitting_id>/xep-hang/", boards.ranking, name="sitting-ranking"),
    path("<int:sitting_id>/bai/<int:attempt_id>/", acts.attempt, name="sitting-attempt"),
    path("<int:sitting_id>/khach/<int:guest_id>/", acts.guest, name="sitting-guest"),
    path("<int:sitting_id>/hoc-vien/<int:enrolment_id>/", acts.allowance, name="sitting-allowance"),
    path("<int:sitting_id>/tep/", acts.upload, name="sitting-upload"),
    path("<int:sitting_id>/tep/<int:file_id>/", acts.offline_file, name="sitting-file"),
    path("<int:sitting_id>/ket-qua/", results.results, name="sitting-results"),
    path("<int:sitting_id>/ket-qua.xlsx", results.export, name="sitting-export"),
]
