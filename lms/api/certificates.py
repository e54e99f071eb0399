"""Public verification of certificates."""

from __future__ import annotations

from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.certificates.queries import verify
from lms.certificates.throttle import CodeThrottle

_CERTIFICATE = inline_serializer(
    "CertificateVerification",
    {
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
    },
)


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
        one = found.certificate
        return Response(
            {
                "code": one.code,
                "valid": found.revoked_on is None,
                "revoked_on": found.revoked_on,
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
        )


urlpatterns = [path("certificates/<str:code>/", CertificateDetail.as_view(), name="certificate")]
