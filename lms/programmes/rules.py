"""The rules of completion that an edition carries (docs/domain.md), checked before they are frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from lms.common.errors import DomainError
from lms.programmes.enums import CertificateRule

if TYPE_CHECKING:
    from lms.programmes.models import Edition

BAND_CODES = ("average", "good", "very_good", "excellent")


class InvalidRulesError(DomainError):
    """The rules contradict themselves; ``fields`` says where."""

    code = "invalid_rules"


@dataclass(frozen=True, slots=True)
class BandRule:
    """A band of the final mark: from ``start`` (out of 10) up to the next band."""

    code: str
    start: Decimal


def _default_bands() -> tuple[BandRule, ...]:
    starts = ("5", "7", "8", "9")
    return tuple(BandRule(code, Decimal(start)) for code, start in zip(BAND_CODES, starts, strict=True))


@dataclass(frozen=True, slots=True)
class EditionRules:
    """Rules of completion. The defaults are those of the teaching regulation (docs/domain.md).

    ``min_seconds`` is the least time a learner must spend with each lesson before it can be done; 0 asks for none.
    """

    pass_mark: Decimal = Decimal(5)
    attendance_share: Decimal = Decimal("0.8")
    bands: tuple[BandRule, ...] = field(default_factory=_default_bands)
    certificate_rule: str = CertificateRule.ON_COMPLETION
    min_seconds: int = 0

    @classmethod
    def of(cls, edition: Edition, *, min_seconds: int = 0) -> EditionRules:
        """Return the rules that ``edition`` was frozen with."""
        return cls(
            pass_mark=Decimal(edition.pass_mark),
            attendance_share=Decimal(edition.attendance_share),
            bands=tuple(BandRule(band["code"], Decimal(band["from"])) for band in edition.bands),
            certificate_rule=edition.certificate_rule,
            min_seconds=min_seconds,
        )

    def validate(self) -> None:
        """Raise :class:`InvalidRulesError` naming every field that is wrong."""
        fields: dict[str, list[str]] = {}
        if not Decimal(0) <= self.pass_mark <= Decimal(10):
            fields["pass_mark"] = [_("The pass mark lies between 0 and 10.")]
        if not Decimal(0) <= self.attendance_share <= Decimal(1):
            fields["attendance_share"] = [_("The share to attend lies between 0 and 100 %.")]
        if problems := self._band_problems():
            fields["bands"] = problems
        if self.certificate_rule not in CertificateRule.values:
            fields["certificate_rule"] = [_("Choose when a certificate is issued.")]
        if self.min_seconds < 0 or self.min_seconds > 86_400:
            fields["min_seconds"] = [_("The least reading time lies between 0 and 86,400 seconds.")]
        if fields:
            raise InvalidRulesError(" ".join(text for texts in fields.values() for text in texts), fields=fields)

    def _band_problems(self) -> list[str]:
        problems = []
        starts = [band.start for band in self.bands]
        codes = [band.code for band in self.bands]
        if not self.bands:
            return [_("At least one band is needed.")]
        if len(set(codes)) != len(codes) or set(codes) - set(BAND_CODES):
            problems.append(_("Each band may stand only once."))
        if any(low >= high for low, high in pairwise(starts)):
            problems.append(_("The bands must rise."))
        if starts[0] != self.pass_mark:
            problems.append(_("The first band must begin at the pass mark."))
        if starts[-1] > 10:
            problems.append(_("The last band must begin at 10 or below."))
        return problems

    def bands_as_json(self) -> list[dict[str, str]]:
        """Return the bands in the form of ``Edition.bands``."""
        return [{"code": band.code, "from": plain(band.start)} for band in self.bands]

    def as_json(self) -> dict[str, Any]:
        """Return the canonical form that goes into an edition's fingerprint."""
        return {
            "pass_mark": plain(self.pass_mark),
            "attendance_share": plain(self.attendance_share),
            "bands": self.bands_as_json(),
            "certificate_rule": str(self.certificate_rule),
        }


def plain(number: Decimal | int | str) -> str:
    """Return a number without needless zeros or exponents, so that 5, 5.0 and 5.00 are one.

    >>> plain(Decimal("5.00")), plain(Decimal("0.80")), plain(10)
    ('5', '0.8', '10')
    """
    try:
        return format(Decimal(number).normalize(), "f")
    except InvalidOperation as error:
        raise InvalidRulesError(_("%(value)s is not a number.") % {"value": number}) from error
