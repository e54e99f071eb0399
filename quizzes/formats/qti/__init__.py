"""QTI 2.1, 2.2 and 3.0: items and packages (https://www.1edtech.org/standards/qti)."""

from quizzes.formats.qti.package import read

__all__ = ["read"]
