"""The form of the public look-up."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.certificates.codes import parse_code
from lms.common.widgets import CodeInput


class CertificateCodeForm(forms.Form):
    """A verification code as typed from paper, with or without dashes, in any case."""

    code = forms.CharField(
        label=_("Code on the certificate"),
        max_length=40,
        help_text=_("Twelve letters and digits, for example 7K2M-9QXB-41TE."),
        widget=CodeInput({"placeholder": "XXXX-XXXX-XXXX"}),
    )

    def clean_code(self) -> str:
        known = parse_code(self.cleaned_data["code"])
        if known is None:
            raise forms.ValidationError(
                _("This is not a complete code. It has twelve letters and digits; compare it with the paper."),
                code="incomplete",
            )
        return known
