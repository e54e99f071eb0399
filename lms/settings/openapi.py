"""The document of the public API."""

from __future__ import annotations

from typing import Any

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Sen API",
    "DESCRIPTION": "The public interface of Sen: learning, item banks, papers, exams, marking, classes, reports.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "PREPROCESSING_HOOKS": ["lms.api.schema.only_api"],
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "lms.api.schema.say_refusals"],
    "ENUM_NAME_OVERRIDES": {
        "ItemState": "quizzes.enums.ItemState.values",
        "Level": "quizzes.enums.Level.values",
        "AttemptState": "lms.exams.enums.AttemptState.values",
        "QuestionFileState": "quizzes.enums.ImportState.values",
        "QuestionInFileState": "quizzes.enums.ImportedState.values",
        "ReviewLevel": "quizzes.enums.Review.choices",
        "SittingMode": "lms.exams.enums.SittingMode.choices",
        "MarkingState": "lms.exams.enums.MarkingState.values",
        "ItemKind": ["lesson", "exam", "essay", "session"],
        "WorkState": ["todo", "doing", "done"],
    },
}
