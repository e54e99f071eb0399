"""Addresses of marking, under ``/khao-thi/cham/``."""

from __future__ import annotations

from django.urls import path

from lms.portals.exams.marking.views import queue, results, sessions, settling, work

urlpatterns = [
    path("", queue.home, name="marking"),
    path("giao/<int:class_id>/<int:item_id>/", sessions.new, name="marking-new"),
    path("dot/<int:marking_session_id>/", sessions.session, name="marking-session"),
    path("dot/<int:marking_session_id>/lenh/", sessions.act, name="marking-act"),
    path("dot/<int:marking_session_id>/bai/", results.scripts, name="marking-scripts"),
    path("dot/<int:marking_session_id>/diem.xlsx", results.export, name="marking-export"),
    path("dot/<int:marking_session_id>/tiep/", queue.go_on, name="marking-next"),
    path("bai/<int:marking_id>/", work.work, name="marking-work"),
    path("bai/<int:marking_id>/sua-lai/", work.change, name="marking-change"),
    path("thong-nhat/<int:script_id>/", settling.settle, name="marking-settle"),
    path("cham-lai/<int:script_id>/", settling.take_up, name="marking-take-up"),
]
