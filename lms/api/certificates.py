"""Public verification of certificates, and their revocation by those who run the class."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.certificates.codes import parse_code
from lms.certificates.models import Certificate
from lms.certificates.queries import verify
from lms.certificates.services import revoke
from lms.certificates.throttle import CodeThrottle

_FIELDS: dict[str, Any] = {
    "code": serializers.CharField(),
    "valid": serializers.BooleanField(),
    "revoked_on": serializers.DateField(allow_null=True),
    "number": serializers.CharField(),
    "holder": serializers.CharField(),
    "programme": serializers.CharField(),
    "class": serializers.CharField(),
    "starts_on": serializers.DateField(),
    "ends_on": serializers.DateField(),
    "periods": serializers.IntegerField(),
    "band": serializers.CharField(allow_null=True),
    "issuer": serializers.CharField(),
    "issued_on": serializers.DateField(),
}
_CERTIFICATE = inline_serializer("CertificateVerification", _FIELDS)


class Revoking(serializers.Serializer[Any]):
    """The reason of a revocation, which the learner reads."""

    reason = serializers.CharField(max_length=250)


class CertificateDetail(APIView):
    """A certificate, for anybody who has its code. The code may be typed in any case, with or without dashes."""

    authentication_classes: list[type] = []
    permission_classes = [AllowAny]
    throttle_classes = [CodeThrottle]

    @extend_schema(responses=_CERTIFICATE, auth=[])
    def get(self, request: Request, code: str) -> Response:
        found = verify(code)
        if found is None:
            raise Http404
        return Response(_row(found.certificate, found.revoked_on))


class CertificateRevocation(APIView):
    """Revoke a certificate for a reason; for those who run the class. Its number is not given again."""

    @extend_schema(
        request=Revoking,
        responses={
            200: inline_serializer("CertificateRevoked", {**_FIELDS, "reason": serializers.CharField()}),
            409: OpenApiResponse(description="`already_revoked`."),
        },
    )
    def post(self, request: Request, code: str) -> Response:
        rows = Certificate.objects.revocable_by(request.user)
        certificate = get_object_or_404(rows, code=parse_code(code))
        form = Revoking(data=request.data)
        form.is_valid(raise_exception=True)
        made = revoke(certificate=certificate, reason=form.validated_data["reason"], actor=request.user)
        return Response(_row(certificate, made.revoked_on) | {"reason": made.reason})


def _row(one: Certificate, revoked_on: dt.date | None) -> dict[str, Any]:
    return {
        "code": one.code,
        "valid": revoked_on is None,
        "revoked_on": revoked_on,
        "number": one.number_text,
        "holder": one.holder_name,
        "programme": one.programme_title,
        "class": one.class_name,
        "starts_on": one.starts_on,
        "ends_on": one.ends_on,
        "periods": one.periods,
        "band": one.band or None,
        "issuer": one.issuer_name,
        "issued_on": one.issued_on,
    }


urlpatterns = [
    path("certificates/<str:code>/", CertificateDetail.as_view(), name="certificate"),
    path("certificates/<str:code>/revoke/", CertificateRevocation.as_view(), name="certificate-revoke"),
]
