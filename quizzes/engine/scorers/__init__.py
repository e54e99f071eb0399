"""One module per family of kinds; each registers its scorers when it is imported by :mod:`quizzes.engine.scoring`."""
