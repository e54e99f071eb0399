"""Pages and what stands on them."""

from cms.models.base import BasePage
from cms.models.curriculum import LessonPage, ModulePage, ProgrammeIndexPage, ProgrammePage
from cms.models.permissions import ContentGroup, UnitCollection
from cms.models.review import ReviewTask, owning_paths, top_path
from cms.models.site import HomePage, NewsIndexPage, NewsPage

__all__ = [
    "BasePage",
    "ContentGroup",
    "HomePage",
    "LessonPage",
    "ModulePage",
    "NewsIndexPage",
    "NewsPage",
    "ProgrammeIndexPage",
    "ProgrammePage",
    "ReviewTask",
    "UnitCollection",
    "owning_paths",
    "top_path",
]
