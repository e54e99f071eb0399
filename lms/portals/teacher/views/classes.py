"""The first page, the progress of a class and its outline."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms.models import LessonPage
from cms.queries import lesson_html
from lms.classes.queries import figures_of
from lms.common.clock import today
from lms.portals.teacher import exports
from lms.portals.teacher.presentation import CellMaker
from lms.portals.teacher.queries import home as home_queries
from lms.portals.teacher.queries import lessons
from lms.portals.teacher.queries.matrix import SORTS, Matrix, matrix
from lms.portals.teacher.views.common import OUTLINE, PROGRESS, find_class, page

EXPORTED = 20_000


@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """The classes that I teach and the programmes that I may write."""
    board = home_queries.home(request.user, page=request.GET.get("page"))
    ended = [(one, board.ended_figures[one.pk]) for one in board.ended.object_list]
    context = {"board": board, "ended": ended, "board_day": today(), "ended_open": "page" in request.GET}
    return render(request, "teacher/home.html", context)


@require_safe
@never_cache
def progress(request: HttpRequest, class_id: int) -> HttpResponse:
    """Learners × items."""
    training_class = find_class(request, class_id)
    query = request.GET
    sort = query.get("sort", "")
    table = matrix(
        training_class,
        request.user,
        sort=sort,
        only_behind="behind" in query,
        text=query.get("q", "").strip(),
        page=query.get("page"),
    )
    cells = CellMaker()
    context = page(
        request,
        training_class,
        PROGRESS,
        table=table,
        rows=[(row, cells.row(row.cells)) for row in table.rows],
        columns=_columns(table),
        figures=figures_of([training_class.pk])[training_class.pk],
        sort=sort if sort in SORTS else "name",
        only_behind="behind" in query,
        text=query.get("q", "").strip(),
    )
    return render(request, "teacher/progress.html", context)


def _columns(table: Matrix) -> list[dict[str, object]]:
    return [
        {"item": item, "number": number, "done": table.done.get(item.id, 0)}
        for number, item in enumerate(table.items, start=1)
    ]


@require_safe
@never_cache
def export_progress(request: HttpRequest, class_id: int, form: str) -> HttpResponse:
    """The matrix as a file, filtered and sorted as on the page."""
    training_class = find_class(request, class_id)
    query = request.GET
    table = matrix(
        training_class,
        request.user,
        sort=query.get("sort", ""),
        only_behind="behind" in query,
        text=query.get("q", "").strip(),
        per_page=EXPORTED,
    )
    return exports.export_matrix(training_class, table, form)


@require_safe
@never_cache
def outline(request: HttpRequest, class_id: int) -> HttpResponse:
    """Modules and items, with the ways to open and to edit each lesson."""
    training_class = find_class(request, class_id)
    content = lessons.class_outline(training_class, request.user)
    return render(request, "teacher/outline.html", page(request, training_class, OUTLINE, content=content))


@require_safe
@never_cache
def lesson(request: HttpRequest, class_id: int, item_id: int) -> HttpResponse:
    """A lesson as its learners read it, without any progress being written."""
    training_class = find_class(request, class_id)
    try:
        previous, item, following = lessons.neighbours(training_class, item_id)
        content = lesson_html(item.lesson_id or 0, request)
    except (LookupError, LessonPage.DoesNotExist) as error:
        raise Http404 from error
    context = page(
        request,
        training_class,
        OUTLINE,
        item=item,
        previous=previous,
        following=following,
        lesson=content,
        may_edit=lessons.may_edit_lessons(training_class, request.user),
    )
    return render(request, "teacher/lesson.html", context)
