"""The test page of learners, mounted at ``/lam-bai/``."""

from __future__ import annotations

from django.urls import path

from lms.exams import views

app_name = "attempts"
urlpatterns = [
    path("<int:attempt_id>/", views.attempt, name="attempt"),
    path("<int:attempt_id>/nop-bai/", views.hand_in, name="hand-in"),
    path("<int:attempt_id>/bien-nhan/", views.receipt, name="receipt"),
    path("<int:attempt_id>/bien-nhan/<str:receipt>/", views.verify, name="verify"),
    path("<int:attempt_id>/ket-qua/", views.result, name="result"),
]
