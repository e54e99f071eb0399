"""Acts on exams, blueprints, and sets of papers."""
