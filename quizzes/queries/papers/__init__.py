"""Reads of exams and their papers."""
