"""Signing in for programs, and who one is."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import APIException
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.api.errors import ErrorSerializer
from lms.common.errors import DomainError
from lms.people.addresses import client_address
from lms.people.models import User
from lms.people.queries import own_memberships
from lms.people.services import factors
from lms.people.services.sign_in import SignInError, sign_in


class CredentialsSerializer(serializers.Serializer[dict[str, str]]):
    """Any identifier and the password."""

    username = serializers.CharField(max_length=254, help_text="Username, e-mail or phone.")
    password = serializers.CharField(max_length=200, trim_whitespace=False)
    otp = serializers.CharField(
        max_length=40, required=False, allow_blank=True, help_text="The code of the second factor, where one is set up."
    )


class TokenSerializer(serializers.Serializer[dict[str, str]]):
    """What goes into ``Authorization: Token …``."""

    token = serializers.CharField()


class RoleUnitSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class RoleSerializer(serializers.Serializer[Any]):
    role = serializers.CharField()
    unit = RoleUnitSerializer()


class MeSerializer(serializers.Serializer[Any]):
    """The person who asks; no sensitive data."""

    id = serializers.IntegerField()
    username = serializers.CharField()
    full_name = serializers.CharField()
    email = serializers.EmailField(allow_null=True)
    phone = serializers.CharField(allow_null=True)
    roles = RoleSerializer(many=True)


CODES = "wrong_credentials, password_change_required, otp_required, wrong_code, second_factor_required or invalid"


class Refused(APIException):
    """A sign-in that the service refused."""

    status_code: int = status.HTTP_400_BAD_REQUEST

    def __init__(self, message: str, code: str, *, pause: bool = False) -> None:
        super().__init__(message, code)
        if pause:
            self.status_code = status.HTTP_429_TOO_MANY_REQUESTS


@method_decorator(login_not_required, name="dispatch")
class TokenView(APIView):
    """``POST /auth/token/``: a token for a name and a password."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        request=CredentialsSerializer,
        responses={
            200: TokenSerializer,
            400: OpenApiResponse(ErrorSerializer, CODES),
            429: OpenApiResponse(ErrorSerializer, "paused: too many wrong tries"),
        },
        auth=[],
    )
    def post(self, request: Request) -> Response:
        data = CredentialsSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        try:
            user = sign_in(
                identifier=data.validated_data["username"],
                password=data.validated_data["password"],
                address=client_address(request),
                request=request._request,
            )
        except SignInError as error:
            raise Refused(str(error), error.code, pause=error.code == "paused") from error
        if user.must_change_password:
            raise Refused(_("Sign in on the web first and change your password."), "password_change_required")
        self._second_factor(user, data.validated_data.get("otp", ""))
        token, _created = Token.objects.get_or_create(user=user)
        return Response({"token": token.key})

    def _second_factor(self, user: User, otp: str) -> None:
        """Ask for the code where the account has a second factor, and for the factor where the role wants one."""
        if not factors.has_factor(user):
            if factors.must_have_factor(user):
                raise Refused(_("Sign in on the web first and set up your second factor."), "second_factor_required")
            return
        if not otp:
            raise Refused(_("Give the code of your second factor as well."), "otp_required")
        try:
            factors.check(user=user, code=otp)
        except DomainError as error:
            raise Refused(str(error), error.code, pause=error.code == "paused") from error


class MeView(APIView):
    """``GET /me/``: the person, roles with units."""

    @extend_schema(responses={200: MeSerializer})
    def get(self, request: Request) -> Response:
        user = request.user
        assert isinstance(user, User)
        return Response(
            {
                "id": user.pk,
                "username": user.username,
                "full_name": user.get_full_name(),
                "email": user.email,
                "phone": user.phone,
                "roles": [
                    {"role": row.role, "unit": {"id": row.unit_id, "name": row.unit.name}}
                    for row in own_memberships(user)
                ],
            }
        )


urlpatterns: list[URLPattern] = [
    path("auth/token/", TokenView.as_view(), name="api-token"),
    path("me/", MeView.as_view(), name="api-me"),
]
