"""Writing to learners of a class."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lms.classes.models import TrainingClass
from lms.classes.queries import sent_messages
from lms.classes.services.messages import message_learners
from lms.common.errors import DomainError
from lms.common.formats import date_short
from lms.portals.teacher.forms import MessageForm, read_ids
from lms.portals.teacher.queries.recipients import recipients
from lms.portals.teacher.views.common import MESSAGES, find_class_to_act, page


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def messages_page(request: HttpRequest, class_id: int) -> HttpResponse:
    """The form with its recipients, and what was sent before."""
    training_class = find_class_to_act(request, class_id)
    status = 200
    chosen = read_ids((request.POST if request.method == "POST" else request.GET).getlist("learner"))
    if request.method == "POST":
        form = MessageForm(request.POST)
        if form.is_valid():
            try:
                outcome = message_learners(
                    training_class=training_class,
                    enrolment_ids=chosen,
                    text=form.cleaned_data["text"],
                    token=form.cleaned_data["token"],
                    actor=request.user,
                    url=reverse("learner:home"),
                )
            except DomainError as error:
                form.add_error("text" if "text" in error.fields else None, str(error))
            else:
                words = ngettext(
                    "Message sent to %(count)d learner.", "Message sent to %(count)d learners.", outcome.sent
                )
                messages.success(request, words % {"count": outcome.sent})
                return redirect("teacher:messages", class_id)
        status = 422
    else:
        form = MessageForm(initial={"text": suggestion(training_class)})
    found = recipients(training_class, request.user, group=request.GET.get("to", ""), chosen=chosen)
    context = page(
        request,
        training_class,
        MESSAGES,
        form=form,
        found=found,
        sent=sent_messages(training_class.pk),
        groups=[
            (name, label, found.counts[name])
            for name, label in (
                ("behind", _("Behind")),
                ("not_started", _("Not started")),
                ("not_completed", _("Not completed")),
                ("all", _("Everybody")),
            )
        ],
    )
    return render(request, "teacher/messages.html", context, status=status)


def suggestion(training_class: TrainingClass) -> str:
    """A polite reminder to begin with."""
    return _(
        "Dear comrade,\n\nThe class “%(class)s” ends on %(date)s and some lessons are still waiting for you. Please "
        "set aside some time to study in the coming days. If anything stands in your way, let me know, so that we can "
        "find a way together.\n\nThank you."
    ) % {"class": training_class.name, "date": date_short(training_class.ends_on)}
