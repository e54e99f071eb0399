"""Questions of a bank as a file: the format is chosen, what it cannot say is shown first."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lms.common.text import fold
from lms.portals.exams.imports.views.common import writable_bank
from quizzes.formats.export import OUT_FORMATS
from quizzes.formats.messages import sentence
from quizzes.models import Item, ItemBank
from quizzes.services.exporting import MAX_ITEMS, export_items


def _items(request: HttpRequest, bank: ItemBank) -> list[int]:
    """Return the questions asked for, of those whose key the person may see."""
    items = Item.objects.editable_by(request.user).filter(bank=bank)
    ids = [int(value) for value in request.GET.getlist("item") if value.isascii() and value.isdigit()]
    if ids:
        items = items.filter(pk__in=ids)
    for name in ("kind", "level", "state"):
        if value := request.GET.get(name, ""):
            items = items.filter(**{name: value})
    if (topic := request.GET.get("topic", "")) and topic.isdigit():
        items = items.filter(topic_id=topic)
    return list(items.order_by("topic__position", "topic_id", "pk").values_list("pk", flat=True)[:MAX_ITEMS])


@require_safe
@never_cache
def export_page(request: HttpRequest, bank_id: int) -> HttpResponse:
    """Choose the format; what it leaves out is listed before the file is taken."""
    bank = writable_bank(request, bank_id)
    ids = _items(request, bank)
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
        "chosen": request.GET.getlist("item"),
    }
    return render(request, "exams/imports/export.html", context)


@require_safe
@never_cache
def export_file(request: HttpRequest, bank_id: int, form: str) -> HttpResponse:
    """The file itself."""
    bank = writable_bank(request, bank_id)
    ids = _items(request, bank)
    if form not in OUT_FORMATS or not ids:
        raise Http404
    written = export_items(item_ids=ids, form=form, actor=request.user)
    response = HttpResponse(written.data, content_type=written.content_type)
    name = f"{slugify(fold(bank.name)) or 'questions'}.{written.extension}"
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
