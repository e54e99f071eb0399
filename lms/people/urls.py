"""Addresses of the account pages."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path
from django.views.generic import RedirectView

from lms.people.views import (
    activation,
    emails,
    factors,
    identities,
    own_data,
    passkeys,
    profile,
    proofs,
    recovery,
    sessions,
    signing,
    tokens,
)

# Wagtail's own sign-in must not be a second one.
_to_sign_in = RedirectView.as_view(pattern_name="login", query_string=True)


def _both(route: str, view: Any, *names: str) -> list[URLPattern]:
    """One address under our name and under those by which django-allauth looks for it; the first is what it is called
    when it is looked up.
    """
    return [path(route, view, name=name) for name in names]


urlpatterns: list[URLPattern] = [
    path("bat-dau/", signing.start, name="start"),
    *_both("dang-nhap/", signing.SignInView.as_view(), "login", "account_login"),
    *_both("dang-nhap/khoa-truy-cap/", passkeys.PasskeySignInView.as_view(), "login-passkey", "mfa_login_webauthn"),
    path("dang-nhap/lien-ket/", identities.sign_in, name="login-oidc"),
    path("dang-nhap/lien-ket/tra-loi/", identities.answer, name="login-oidc-answer"),
    *_both("dang-nhap/ma-xac-thuc/", factors.SignInCodeView.as_view(), "login-code", "mfa_authenticate"),
    path("dang-xuat/", signing.sign_out, name="logout"),
    path("doi-mat-khau/", profile.password, name="password-change"),
    path("ho-so/", profile.show, name="profile"),
    path("ho-so/du-lieu/", own_data.show, name="profile-data"),
    path("ho-so/du-lieu/tep.zip", own_data.archive, name="profile-data-zip"),
    path("ho-so/du-lieu/xoa/", own_data.ask_erasure, name="profile-erasure"),
    path("ho-so/du-lieu/thoi-xoa/", own_data.withdraw_erasure, name="profile-erasure-withdraw"),
    path("ho-so/du-lieu-nhay-cam/", profile.sensitive, name="profile-sensitive"),
    path("ho-so/lien-he/", profile.contact, name="profile-contact"),
    path("ho-so/lien-he/xac-nhan/", emails.ask, name="email-confirm-ask"),
    *_both("xac-nhan-email/<str:key>/", emails.ConfirmView.as_view(), "email-confirm", "account_confirm_email"),
    path("ho-so/lien-ket/", identities.show, name="profile-identities"),
    path("ho-so/lien-ket/moi/", identities.link, name="identity-link"),
    path("ho-so/lien-ket/<int:pk>/go/", identities.unlink, name="identity-unlink"),
    path("ho-so/xuat/", profile.export, name="profile-export"),
    *_both("ho-so/xac-thuc-hai-buoc/", factors.FactorsView.as_view(), "factor", "mfa_index", "mfa_list_webauthn"),
    *_both("ho-so/xac-thuc-hai-buoc/ung-dung/", factors.AppView.as_view(), "factor-app", "mfa_activate_totp"),
    *_both("ho-so/xac-thuc-hai-buoc/tat/", factors.AppOffView.as_view(), "factor-off", "mfa_deactivate_totp"),
    *_both(
        "ho-so/xac-thuc-hai-buoc/ma-khoi-phuc/", factors.CodesView.as_view(), "factor-codes", "mfa_view_recovery_codes"
    ),
    path("ho-so/xac-thuc-hai-buoc/ma-khoi-phuc/moi/", factors.NewCodesView.as_view(), name="factor-codes-new"),
    path("ho-so/xac-thuc-hai-buoc/khoa-truy-cap/", factors.PasskeyView.as_view(), name="passkey-add"),
    path("ho-so/xac-thuc-hai-buoc/khoa-truy-cap/<int:pk>/ten/", factors.PasskeyNameView.as_view(), name="passkey-name"),
    path("ho-so/xac-thuc-hai-buoc/khoa-truy-cap/<int:pk>/xoa/", factors.PasskeyOffView.as_view(), name="passkey-off"),
    path("ho-so/phien-dang-nhap/", sessions.show, name="profile-sessions"),
    path("ho-so/phien-dang-nhap/noi-khac/", sessions.end_others, name="profile-sessions-end-others"),
    path("ho-so/phien-dang-nhap/<slug:number>/", sessions.end, name="profile-session-end"),
    path("ho-so/truy-cap-api/", tokens.show, name="profile-tokens"),
    path("ho-so/truy-cap-api/moi/", tokens.new, name="profile-token-new"),
    path("ho-so/truy-cap-api/thu-hoi/", tokens.revoke_all, name="profile-tokens-revoke"),
    path("ho-so/truy-cap-api/<int:pk>/thu-hoi/", tokens.revoke, name="profile-token-revoke"),
    path("kich-hoat/", activation.enter_code, name="activate"),
    path("kich-hoat/mat-khau/", activation.choose_password, name="activate-password"),
    path("quan-tri/login/", login_not_required(_to_sign_in)),
    path("quen-mat-khau/", recovery.ForgottenView.as_view(), name="password-reset"),
    path("quen-mat-khau/da-gui/", recovery.ForgottenDoneView.as_view(), name="password-reset-done"),
    *_both(
        "quen-mat-khau/<uidb36>/<key>/",
        recovery.ResetView.as_view(),
        "password-reset-confirm",
        "account_reset_password_from_key",
    ),
    *_both("xac-nhan-mat-khau/", proofs.PasswordProofView.as_view(), "reauthenticate", "account_reauthenticate"),
    *_both("xac-nhan-mat-khau/ma/", proofs.CodeProofView.as_view(), "reauthenticate-code", "mfa_reauthenticate"),
    *_both(
        "xac-nhan-mat-khau/khoa-truy-cap/",
        proofs.PasskeyProofView.as_view(),
        "reauthenticate-passkey",
        "mfa_reauthenticate_webauthn",
    ),
]
