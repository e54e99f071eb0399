"""The certificate as a PDF, set by typst from ``typst/certificate.typ`` with the fonts of ``fonts/``.

Every word goes in as data (JSON in ``sys.inputs``), never into the template's source, so a name cannot be markup.
"""

from __future__ import annotations

import datetime as dt
import functools
import io
import json
import threading
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lms.certificates.models import Certificate
from lms.classes.enums import Band
from lms.common.formats import score

_HERE = Path(__file__).resolve().parent
_compiling = threading.Lock()


def render(certificate: Certificate, *, language: str = "vi") -> bytes:
    """Return the PDF of a certificate; labels are in ``language``, the printed facts as they were issued."""
    return _compile(certificate, language)


def verification_url(code: str) -> str:
    """The address that the QR code opens."""
    return settings.SEN_BASE_URL.rstrip("/") + reverse("certificates:verify", args=[code])


@functools.cache
def _compiler() -> Any:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_HERE / "fonts")])
    return typst.Compiler(str(_HERE / "typst" / "certificate.typ"), root=str(_HERE / "typst"), font_paths=fonts)


def _compile(certificate: Certificate, language: str) -> bytes:
    address = verification_url(certificate.code)
    with translation.override(language):
        inputs = {"data": json.dumps(_words(certificate, language, address)), "qr": _qr(address)}
    issued = dt.datetime.combine(certificate.issued_on, dt.time(12), tzinfo=dt.UTC)
    with _compiling:  # the compiler keeps its inputs between two calls
        compiled = _compiler().compile(format="pdf", sys_inputs=inputs, timestamp=issued, pdf_standards=["a-2u"])
    if not isinstance(compiled, bytes):  # a list, one entry a page
        raise RuntimeError(f"certificate {certificate.pk} does not fit on its page")
    return compiled


def _qr(address: str) -> str:
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="svg", border=0, dark="#26201d", xmldecl=False)
    return picture.getvalue().decode()


def _words(one: Certificate, language: str, address: str) -> dict[str, Any]:
    return {
        "lang": language,
        "title": f"{_('Certificate')} {one.number_text}",
        "letterhead": one.letterhead,
        "superior": one.superior_name,
        "issuer": one.issuer_name,
        "number": one.number_text,
        "holder": one.holder_name,
        "born": _("Date of birth: %(date)s") % {"date": _long_date(one.birth_date)} if one.birth_date else "",
        "programme": one.programme_title,
        "course": _course(one),
        "result": _result(one),
        "decision": _decision(one),
        "code": one.code,
        "address": address.partition("://")[2],
        "dateline": ", ".join(part for part in (one.place, _dateline(one.issued_on)) if part),
        "signer_title": one.signer_title,
        "signer_name": one.signer_name,
        "labels": {
            "number": pgettext("certificate", "No."),
            "party": _("COMMUNIST PARTY OF VIETNAM"),
            "state": _("SOCIALIST REPUBLIC OF VIETNAM"),
            "motto": _("Independence - Freedom - Happiness"),
            "title": _("CERTIFICATE"),
            "certifies": pgettext("certificate", "This is to certify that"),
            "completed": pgettext("certificate", "has completed the programme"),
            "verify": _("Check this certificate by its code:"),
        },
    }


def _course(one: Certificate) -> str:
    dates = {"class": one.class_name, "from": _short_date(one.starts_on), "to": _short_date(one.ends_on)}
    text = _("%(class)s, from %(from)s to %(to)s") % dates
    if one.periods:
        text += ", " + _("%(periods)d periods") % {"periods": one.periods}
    return text


def _result(one: Certificate) -> str:
    parts = []
    if one.score is not None:
        parts.append(_("Mark: %(score)s/10") % {"score": score(one.score)})
    if one.band:
        parts.append(pgettext("certificate", "Grade: %(band)s") % {"band": Band(one.band).label})
    return " – ".join(parts)


def _decision(one: Certificate) -> str:
    if not one.decision:
        return ""
    if one.decided_on is None:
        return _("Under decision %(number)s") % {"number": one.decision}
    return _("Under decision %(number)s of %(date)s") % {"number": one.decision, "date": _short_date(one.decided_on)}


def _short_date(day: dt.date) -> str:
    """03/9/2008: days below 10 and months below 3 take a zero (Nghị định 30/2020/NĐ-CP), in both languages' papers."""
    return f"{_two(day)[0]}/{_two(day)[1]}/{day.year}"


def _long_date(day: dt.date) -> str:
    if translation.get_language().startswith("vi"):
        return _short_date(day)
    return f"{day.day} {day:%B} {day.year}"


def _dateline(day: dt.date) -> str:
    if translation.get_language().startswith("vi"):
        number, month = _two(day)
        return f"ngày {number} tháng {month} năm {day.year}"
    return f"{day.day} {day:%B} {day.year}"


def _two(day: dt.date) -> tuple[str, str]:
    return f"{day.day:02d}", f"{day.month:02d}" if day.month < 3 else str(day.month)
