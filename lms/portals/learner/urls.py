"""Addresses of the learner's portal, under ``/hoc/``."""

from __future__ import annotations

from django.urls import path

from lms.portals.learner.views import guests, joining, study

app_name = "learner"

urlpatterns = [
    path("", study.dashboard, name="home"),
    path("loi-moi/<int:request_id>/", study.invitation, name="invitation"),
    path("lich/", study.schedule, name="schedule"),
    path("chung-nhan/", study.certificates, name="certificates"),
    path("vao-thi/", joining.join, name="join"),
    path("vao-thi/<str:code>/", joining.join, name="join-code"),
    path("vao-thi/<str:code>/xep-hang/", joining.contest_ranking, name="contest-ranking"),
    path("khach/", guests.come_back, name="guest-return"),
    path("khach/<int:guest_id>/", guests.place, name="guest"),
    path("khach/<int:guest_id>/lam-bai/", guests.start, name="guest-start"),
    path("khach/<int:guest_id>/thoi/", guests.leave, name="guest-leave"),
    path("lop/<int:enrolment_id>/", study.outline, name="class"),
    path("lop/<int:enrolment_id>/muc/<int:item_id>/", study.item, name="item"),
    path("lop/<int:enrolment_id>/muc/<int:item_id>/xong/", study.finish, name="finish"),
    path("lop/<int:enrolment_id>/muc/<int:item_id>/lam-bai/", study.start_exam, name="start-exam"),
]
