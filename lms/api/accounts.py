"""Signing in for programs, and who one is."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, NotAuthenticated
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.api.authentication import ApiTokenAuthentication
from lms.api.errors import ErrorSerializer
from lms.common.errors import DomainError
from lms.common.request_context import client_address
from lms.people.access import must_have_factor
from lms.people.enums import TokenScope
from lms.people.models import ApiToken, User
from lms.people.queries import own_memberships
from lms.people.services import factors
from lms.people.services.sign_in import SignInError, sign_in
from lms.people.services.tokens import Holder, make_token, revoke_all, revoke_token


class CredentialsSerializer(serializers.Serializer[dict[str, str]]):
    """Any identifier and the password."""

    username = serializers.CharField(max_length=254, help_text="Username, e-mail or phone.")
    password = serializers.CharField(max_length=200, trim_whitespace=False)
    otp = serializers.CharField(
        max_length=40, required=False, allow_blank=True, help_text="The code of the second factor, where one is set up."
    )
    name = serializers.CharField(
        max_length=80, required=False, default="API", help_text="What the person recognises the program by."
    )
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=TokenScope.values),
        required=False,
        allow_empty=False,
        default=lambda: list(TokenScope.values),
        help_text="read: safe methods; exam: also learning and sitting tests; write: everything the person may do.",
    )
    days = serializers.IntegerField(
        min_value=1,
        max_value=36500,
        required=False,
        help_text="How long it holds; the installation's limit by default.",
    )


class TokenSerializer(serializers.Serializer[dict[str, str]]):
    """The token for ``Authorization: Token …``, readable this once."""

    token = serializers.CharField()
    expires_at = serializers.DateTimeField()


class OwnTokenSerializer(serializers.Serializer[Any]):
    """A token of the person who asks, without the token itself."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    begins_with = serializers.CharField()
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=TokenScope.values))
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)
    this = serializers.BooleanField(help_text="Whether it is the token of this request.")


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
    """``POST /auth/token/``: a token for a name and a password; ``DELETE``: the end of the token that asks."""

    permission_classes = (AllowAny,)
    token_scope = None  # every token may end itself

    def get_authenticators(self) -> list[Any]:
        """Ask for the password; an older token, which may be over, makes no new one."""
        asks = self.request is not None and self.request.method == "POST"
        return [] if asks else [ApiTokenAuthentication()]

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
        self._second_factor(request, user, data.validated_data.get("otp", ""))
        token, text = make_token(
            user=user,
            name=data.validated_data["name"],
            scopes=data.validated_data["scopes"],
            days=data.validated_data.get("days"),
        )
        return Response({"token": text, "expires_at": token.expires_at})

    @extend_schema(operation_id="auth_token_end", request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        """End the token of this request."""
        user = request.user
        if not isinstance(user, User) or not isinstance(request.auth, Holder):
            raise NotAuthenticated
        token = get_object_or_404(ApiToken.objects.own(user), pk=request.auth.token_id)
        revoke_token(token=token, actor=user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _second_factor(self, request: Request, user: User, otp: str) -> None:
        """Ask for the code where the account has a second factor, and for the factor where the role wants one."""
        if not factors.has_factor(user):
            if must_have_factor(user):
                raise Refused(_("Sign in on the web first and set up your second factor."), "second_factor_required")
            return
        if not otp:
            raise Refused(_("Give the code of your second factor as well."), "otp_required")
        try:
            factors.check(user=user, code=otp, request=request._request)
        except DomainError as error:
            raise Refused(str(error), error.code, pause=error.code == "paused") from error


class OwnTokens(APIView):
    """``GET /auth/tokens/``: one's tokens; ``DELETE``: the end of all of them."""

    @extend_schema(operation_id="auth_tokens_list", responses={200: OwnTokenSerializer(many=True)})
    def get(self, request: Request) -> Response:
        this = request.auth.token_id if isinstance(request.auth, Holder) else None
        return Response(
            [
                {
                    "id": token.pk,
                    "name": token.name,
                    "begins_with": token.prefix,
                    "scopes": token.scope_list,
                    "created_at": token.created_at,
                    "expires_at": token.expires_at,
                    "last_used_at": token.last_used_at,
                    "this": token.pk == this,
                }
                for token in ApiToken.objects.own(request.user)
            ]
        )

    @extend_schema(operation_id="auth_tokens_end_all", request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        assert isinstance(request.user, User)
        revoke_all(user=request.user, actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class OwnToken(APIView):
    """``DELETE /auth/tokens/{id}/``: the end of one of one's tokens."""

    @extend_schema(operation_id="auth_tokens_end", request=None, responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        assert isinstance(request.user, User)
        revoke_token(token=get_object_or_404(ApiToken.objects.own(request.user), pk=pk), actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


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
    path("auth/tokens/", OwnTokens.as_view(), name="api-tokens"),
    path("auth/tokens/<int:pk>/", OwnToken.as_view(), name="api-own-token"),
    path("me/", MeView.as_view(), name="api-me"),
]
