"""The tree of a bank's topics. Everything is a button, so that it works by keyboard and without JavaScript."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lms.common.errors import DomainError
from lms.common.text import whole_number
from lms.portals.exams.bank.forms import TopicListForm, TopicTarget, topic_choices
from lms.portals.exams.bank.views.common import TOPICS, bank_frame, find_bank, find_bank_to_manage
from quizzes.errors import TopicError
from quizzes.models import ItemBank, Topic
from quizzes.queries.bank.search import TopicTree
from quizzes.services.bank import topics as service


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def topics(request: HttpRequest, bank_id: int) -> HttpResponse:
    """The tree with the number of questions of each topic; a POST changes it."""
    if request.method == "POST":
        return _change(request, find_bank_to_manage(request, bank_id))
    return _page(request, find_bank(request, bank_id))


def _page(
    request: HttpRequest, bank: ItemBank, *, form: TopicListForm | None = None, status: int = 200
) -> HttpResponse:
    tree = TopicTree.of([bank.pk])
    counts = dict(bank.items.values_list("topic").annotate(count=Count("pk")))
    editing = request.GET.get("sua", "")
    context = bank_frame(request, bank, TOPICS) | {
        "rows": [
            {
                "topic": topic,
                "depth": depth,
                "count": counts.get(topic.pk, 0),
                "editing": editing == str(topic.pk),
                "targets": [
                    (value, label)
                    for value, label in topic_choices(tree.rows)
                    if int(value) not in tree.subtree(topic.pk)
                ]
                if editing == str(topic.pk)
                else (),
            }
            for topic, depth in tree.rows
        ],
        "without": counts.get(None, 0),
        "form": form or TopicListForm(),
        "parents": topic_choices(tree.rows),
    }
    return render(request, "exams/bank/topics.html", context, status=status)


def _topic(bank: ItemBank, raw: str) -> Topic | None:
    """Return a topic of the bank; ``None`` for none.

    Raises:
        TopicError: it is not there: deleted in another window, or by somebody else.
    """
    number = whole_number(raw)
    if number is None:
        return None
    topic = bank.topics.filter(pk=number).first()
    if topic is None:
        raise TopicError(_("This topic is not there any more: it was deleted before."), code="gone")
    return topic


def _change(request: HttpRequest, bank: ItemBank) -> HttpResponse:
    verb, _colon, raw = request.POST.get("act", "").partition(":")
    place = ""
    try:
        topic = _topic(bank, raw)
        place = f"#topic-{topic.pk}" if topic else ""
        match verb:
            case "add":
                parent = _topic(bank, request.POST.get("parent", ""))
                made = service.add_topic(bank=bank, name=request.POST.get("name", ""), parent=parent)
                place = f"#topic-{made.pk}"
            case "paste":
                form = TopicListForm(request.POST)
                if not form.is_valid():
                    return _page(request, bank, form=form, status=422)
                count = service.import_topics(bank=bank, text=form.cleaned_data["topics"])
                said = ngettext("%(count)d topic added.", "%(count)d topics added.", count)
                messages.success(request, said % {"count": count})
            case "save" if topic:
                service.rename_topic(topic=topic, name=request.POST.get("name", ""))
                target = request.POST.get("parent", "")
                parent = _topic(bank, target)
                if target != "same" and (parent.pk if parent else None) != topic.parent_id:
                    service.place_topic(topic=topic, parent=parent)
            case "up" | "down" if topic:
                service.shift_topic(topic=topic, step=-1 if verb == "up" else 1)
            case "delete" if topic:
                if bank.items.filter(topic=topic).exists() or topic.children.exists():
                    return redirect("exams:bank-topic-remove", bank.pk, topic.pk)
                service.remove_topic(topic=topic)
                messages.success(request, _("The topic “%(name)s” is deleted.") % {"name": topic.name})
                place = ""
    except DomainError as error:
        messages.error(request, str(error))
        if verb == "paste":
            return _page(request, bank, form=TopicListForm(request.POST), status=422)
    return redirect(reverse("exams:bank-topics", args=[bank.pk]) + place)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def remove(request: HttpRequest, bank_id: int, topic_id: int) -> HttpResponse:
    """Delete a topic that is not empty: where its contents go is asked first."""
    bank = find_bank_to_manage(request, bank_id)
    topic = get_object_or_404(bank.topics, pk=topic_id)
    tree = TopicTree.of([bank.pk])
    inside = tree.subtree(topic.pk)
    choices = topic_choices([row for row in tree.rows if row[0].pk not in inside])
    form = TopicTarget(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        try:
            target = _topic(bank, form.cleaned_data["target"])
            moved = service.remove_topic(topic=topic, target=target)
        except DomainError as error:
            form.add_error("target", str(error))
        else:
            said = _("The topic “%(name)s” is deleted; %(count)d questions moved.")
            messages.success(request, said % {"name": topic.name, "count": moved})
            return redirect("exams:bank-topics", bank.pk)
    context: dict[str, Any] = bank_frame(request, bank, TOPICS) | {
        "topic": topic,
        "form": form,
        "count": bank.items.filter(topic=topic).count(),
    }
    return render(request, "exams/bank/topic_remove.html", context, status=422 if form.errors else 200)
