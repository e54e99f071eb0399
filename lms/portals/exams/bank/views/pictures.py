"""Pictures for questions: they go through the same checks as those of the library, and stand apart from it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lms.common.text import whole_number
from lms.portals.exams.bank.views.common import find_bank_to_edit
from media.forms import PictureField
from media.services.uploads import check_image
from quizzes.services.bank.pictures import add_picture


class PictureForm(forms.Form):
    """One picture and what it shows."""

    file = PictureField()
    alt = forms.CharField(required=False, max_length=250)

    def clean_file(self) -> Any:
        return check_image(self.cleaned_data["file"])


@require_POST
def upload(request: HttpRequest) -> JsonResponse:
    """Keep a picture; answers its id, address and size for the editor."""
    raw = request.POST.get("bank", "")
    bank = find_bank_to_edit(request, whole_number(raw) or 0)
    form = PictureForm(request.POST, request.FILES)
    if not form.is_valid():
        texts = [str(text) for errors in form.errors.values() for text in errors]
        return JsonResponse({"detail": " ".join(texts) or _("This picture cannot be read.")}, status=422)
    picture = add_picture(bank=bank, file=form.cleaned_data["file"], alt=form.cleaned_data["alt"], actor=request.user)
    return JsonResponse(
        {
            "id": picture.pk,
            "url": picture.url,
            "width": picture.shown_width,
            "height": picture.shown_height,
            "alt": picture.alt_text,
        }
    )
