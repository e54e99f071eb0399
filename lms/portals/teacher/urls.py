"""Addresses of the lecturer's portal, under ``/giang-day/``."""

from __future__ import annotations

from django.urls import path, register_converter

from lms.portals.teacher.views import attendance, classes, learners, marks, messages, results


class FileForm:
    """The form of an export: ``xlsx`` or ``csv``."""

    regex = "xlsx|csv"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FileForm, "fileform")

app_name = "teacher"

urlpatterns = [
    path("", classes.home, name="home"),
    path("lop/<int:class_id>/", classes.progress, name="class"),
    path("lop/<int:class_id>/tien-do.<fileform:form>", classes.export_progress, name="export-progress"),
    path("lop/<int:class_id>/ket-qua/", results.results, name="results"),
    path("lop/<int:class_id>/ket-qua/<int:item_id>/", results.results, name="exam-results"),
    path(
        "lop/<int:class_id>/ket-qua/<int:item_id>/hoc-vien.<fileform:form>",
        results.export_learners,
        name="export-results",
    ),
    path(
        "lop/<int:class_id>/ket-qua/<int:item_id>/cau-hoi.<fileform:form>",
        results.export_questions,
        name="export-questions",
    ),
    path("lop/<int:class_id>/diem-danh/", attendance.sessions, name="attendance"),
    path("lop/<int:class_id>/diem-danh/<int:session_id>/", attendance.sheet, name="attendance-sheet"),
    path("lop/<int:class_id>/diem-danh/<int:session_id>/hoan-tac/", attendance.undo, name="attendance-undo"),
    path("lop/<int:class_id>/muc-luc/", classes.outline, name="outline"),
    path("lop/<int:class_id>/muc-luc/<int:item_id>/", classes.lesson, name="lesson"),
    path("lop/<int:class_id>/tin-nhan/", messages.messages_page, name="messages"),
    path("lop/<int:class_id>/hoc-vien/<int:enrolment_id>/", learners.learner, name="learner"),
    path("lop/<int:class_id>/hoc-vien/<int:enrolment_id>/diem/<int:item_id>/", marks.marks, name="marks"),
    path(
        "lop/<int:class_id>/hoc-vien/<int:enrolment_id>/diem/<int:item_id>/sua/<int:entry_id>/",
        marks.correct,
        name="mark-correct",
    ),
    path("lop/<int:class_id>/hoc-vien/<int:enrolment_id>/bai-lam/<int:attempt_id>/", learners.attempt, name="attempt"),
]
