"""``/styleguide/``: every component in every state, on one page. Development only."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lms.common.icons import icon_names
from lms.common.menu import MenuItem

COLOURS = (
    ("canvas", "surface", "surface-2", "line", "line-2", "line-control", "ink", "ink-2"),
    ("accent", "accent-strong", "accent-fill", "accent-tint", "gold", "gold-line", "gold-tint"),
    ("good", "good-fill", "good-tint", "warn", "warn-line", "warn-tint", "info", "info-tint", "danger", "danger-tint"),
)
CENTRES = (
    ("TTCT Ninh Kiều", 212, 101, 12410, 310, 94),
    ("TTCT Vị Thanh", 188, 96, 10022, 288, 91),
    ("TTCT Sóc Trăng", 174, 94, 9655, 402, 88),
    ("TTCT Ngã Bảy", 133, 81, 7120, 611, 79),
    ("TTCT Long Mỹ", 120, 74, 6401, 702, 71),
)


class SampleForm(forms.Form):
    """One field of each kind."""

    full_name = forms.CharField(label=_("Full name"), help_text=_("As on the identity card."))
    email = forms.EmailField(label=_("E-mail"), required=False)
    born = forms.DateField(label=_("Date of birth"), widget=forms.DateInput(attrs={"type": "date"}))
    programme = forms.ChoiceField(
        label=_("Programme"), choices=[("", "—"), ("nt", "Bồi dưỡng nhận thức về Đảng"), ("dv", "Đảng viên mới")]
    )
    shift = forms.ChoiceField(
        label=_("Session"), widget=forms.RadioSelect, choices=[("am", "Buổi sáng"), ("pm", "Buổi chiều")]
    )
    topics = forms.MultipleChoiceField(
        label=_("Topics"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("1", "Lịch sử Đảng"), ("2", "Điều lệ Đảng")],
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea)
    file = forms.FileField(label=_("Attachment"), required=False, help_text="PDF, DOCX; 10 MB.")
    agreed = forms.BooleanField(label=_("I have checked what I entered"))


@require_safe
@login_not_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show the design system with sample data; ``?page=…&q=…`` exercise the pagination and the filters."""
    messages.success(request, _("The class has been saved."))
    messages.error(request, _("The file could not be read."))
    now = timezone.now()
    page = Paginator(range(1, 1843), 25).get_page(request.GET.get("page", 3))
    context: dict[str, Any] = {
        "icons": sorted(icon_names()),
        "colours": COLOURS,
        "centres": [
            dict(zip(("name", "classes", "plan", "learners", "active", "completed"), row, strict=True))
            for row in CENTRES
        ],
        "form": SampleForm(),
        "invalid_form": SampleForm({"email": "an@", "programme": "nt", "note": "…"}, auto_id="bad_%s"),
        "page": page,
        "today": date(2026, 11, 23),
        "start": datetime(2026, 11, 27, 8, 0, tzinfo=timezone.get_current_timezone()),
        "end": datetime(2026, 11, 30, 17, 0, tzinfo=timezone.get_current_timezone()),
        "soon": now + timedelta(days=4),
        "late": now - timedelta(days=2),
        "hour": timedelta(hours=1, minutes=5),
        "bars": [
            {"x": 40 + 50 * i, "y": 160 - h, "h": h, "label": f"T{i + 1}", "value": h}
            for i, h in enumerate((42, 60, 88, 73, 110, 132, 120, 96, 140, 128))
        ],
        "questions": [
            {"n": n, "state": "answered" if n < 12 else "waiting" if n == 12 else "", "flagged": n in (7, 15)}
            for n in range(1, 41)
        ],
        "menu": [
            MenuItem(_("Learning"), "/styleguide/", "book-open", current=True),
            MenuItem(_("Calendar"), "#c", "calendar", current=False),
            MenuItem(_("Documents"), "#d", "document", current=False),
            MenuItem(_("Certificates"), "#e", "certificate", current=False, count=2),
            MenuItem(_("Classes"), "#f", "class", current=False, section=_("Centre")),
            MenuItem(_("Learners"), "#g", "users", current=False, section=_("Centre")),
            MenuItem(_("Reports"), "#h", "chart", current=False, section=_("Centre"), count=12),
        ],
    }
    return render(request, "styleguide/index.html", context)
