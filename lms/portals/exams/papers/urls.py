"""Addresses of exams and their papers, under ``/khao-thi/de/``."""

from __future__ import annotations

from django.urls import path

from lms.portals.exams.papers.views import drawing, exams, files, questions, sets

urlpatterns = [
    path("", exams.exam_list, name="exams"),
    path("moi/", exams.exam_new, name="exam-new"),
    path("<int:exam_id>/", exams.exam, name="exam"),
    path("<int:exam_id>/sua/", exams.exam_edit, name="exam-edit"),
    path("<int:exam_id>/cau-hoi/", questions.question_list, name="exam-questions"),
    path("<int:exam_id>/cau-hoi/chon/", questions.pick, name="exam-pick"),
    path("<int:exam_id>/rut-de/", drawing.drawing, name="exam-draw"),
    path("<int:exam_id>/rut-de/quy-tac/", drawing.rules, name="exam-rules"),
    path("<int:exam_id>/rut-de/<int:number>/", drawing.proof, name="exam-proof"),
    path("<int:exam_id>/rut-de/<int:number>/minh-chung.pdf", drawing.proof_pdf, name="exam-proof-pdf"),
    path("<int:exam_id>/chot-de/", sets.freeze, name="exam-freeze"),
    path("<int:exam_id>/bo-de/<int:number>/", sets.paper_set, name="paper-set"),
    path("<int:exam_id>/bo-de/<int:number>/dap-an.xlsx", files.keys, name="paper-keys"),
    path("<int:exam_id>/bo-de/<int:number>/phieu-tra-loi.pdf", files.sheet, name="paper-sheet"),
    path("<int:exam_id>/bo-de/<int:number>/de-thi.zip", files.bundle, name="paper-bundle"),
    path("<int:exam_id>/bo-de/<int:number>/<int:paper_id>.pdf", files.paper_pdf, name="paper-pdf"),
    path("<int:exam_id>/bo-de/<int:number>/<int:paper_id>.docx", files.paper_docx, name="paper-docx"),
]
