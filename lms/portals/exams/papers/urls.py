"""Addresses of exams and their papers, under ``/khao-thi/de/``."""

from __future__ import annotations

from django.urls import path

from lms.portals.exams.papers.views import drawing, exams, files, questions, sets

urlpatterns = [
    path("", exams.exam_list, name="papers"),
    path("moi/", exams.exam_new, name="paper-new"),
    path("<int:exam_id>/", exams.exam, name="paper"),
    path("<int:exam_id>/sua/", exams.exam_edit, name="paper-edit"),
    path("<int:exam_id>/cau-hoi/", questions.question_list, name="paper-questions"),
    path("<int:exam_id>/cau-hoi/chon/", questions.pick, name="paper-pick"),
    path("<int:exam_id>/rut-de/", drawing.drawing, name="paper-draw"),
    path("<int:exam_id>/rut-de/quy-tac/", drawing.rules, name="paper-rules"),
    path("<int:exam_id>/rut-de/<int:number>/", drawing.proof, name="paper-proof"),
    path("<int:exam_id>/rut-de/<int:number>/minh-chung.pdf", drawing.proof_pdf, name="paper-proof-pdf"),
    path("<int:exam_id>/chot-de/", sets.freeze, name="paper-freeze"),
    path("<int:exam_id>/bo-de/<int:number>/", sets.paper_set, name="paper-set"),
    path("<int:exam_id>/bo-de/<int:number>/dap-an.xlsx", files.keys, name="paper-keys"),
    path("<int:exam_id>/bo-de/<int:number>/phieu-tra-loi.pdf", files.sheet, name="paper-sheet"),
    path("<int:exam_id>/bo-de/<int:number>/de-thi.zip", files.bundle, name="paper-bundle"),
    path("<int:exam_id>/bo-de/<int:number>/<int:paper_id>.pdf", files.paper_pdf, name="paper-pdf"),
    path("<int:exam_id>/bo-de/<int:number>/<int:paper_id>.docx", files.paper_docx, name="paper-docx"),
]
