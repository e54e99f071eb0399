"""Questions of a bank as a file: the format is chosen, what it cannot say is shown first."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lms.common.text import fold, whole_number
from lms.portals.exams.addresses import without
from lms.portals.exams.bank.views.common import find_bank_to_edit
from quizzes.formats.export import OUT_FORMATS
from quizzes.formats.messages import sentence
from quizzes.models import ItemBank
from quizzes.models.bank import ItemQuerySet
from quizzes.queries.bank.search import ItemList, item_ids
from quizzes.services.bank.exporting import MAX_ITEMS, export_items


def _items(request: HttpRequest, bank: ItemBank) -> ItemQuerySet:
    """Return the questions that the bank's list shows under the same address, of those whose key the person may see."""
    items = ItemList.of(request.user, [bank.pk], request.GET).exportable_by(request.user)
    ids = [number for value in request.GET.getlist("item") if (number := whole_number(value)) is not None]
    return items.filter(pk__in=ids) if ids else items


@require_safe
@never_cache
def export_page(request: HttpRequest, bank_id: int) -> HttpResponse:
    """Choose the format; what it leaves out is listed before the file is taken."""
    bank = find_bank_to_edit(request, bank_id)
    items = _items(request, bank)
    ids = item_ids(items[:MAX_ITEMS])
    form = request.GET.get("dang", "")
    losses: dict[str, list[str]] = {}
    if form in OUT_FORMATS and ids:
        for loss in export_items(item_ids=ids, form=form).losses:
            losses.setdefault(sentence(loss.code, loss.params), []).append(loss.question)
    context = {
        "bank": bank,
        "count": len(ids),
        "form": form if form in OUT_FORMATS else "",
        "formats": list(OUT_FORMATS.values()),
        "losses": [(text, names[:12], len(names)) for text, names in losses.items()],
        "query": request.GET.urlencode(),
        "total": items.order_by().count() if len(ids) == MAX_ITEMS else len(ids),
        "carried": [(name, value) for name, values in without(request.GET, "dang").lists() for value in values],
    }
    return render(request, "exams/imports/export.html", context)


@require_safe
@never_cache
def export_file(request: HttpRequest, bank_id: int, form: str) -> HttpResponse:
    """The file itself."""
    bank = find_bank_to_edit(request, bank_id)
    ids = item_ids(_items(request, bank)[:MAX_ITEMS])
    if form not in OUT_FORMATS or not ids:
        raise Http404
    written = export_items(item_ids=ids, form=form, actor=request.user)
    response = HttpResponse(written.data, content_type=written.content_type)
    name = f"{slugify(fold(bank.name)) or 'questions'}.{written.extension}"
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
