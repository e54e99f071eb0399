"""Addresses of the account pages."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

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
    *_both("dang-nhap/khoa-truy-cap/", passkeys.PasskeySignInView.as_view(), "login_passkey", "mfa_login_webauthn"),
    path("dang-nhap/lien-ket/", identities.sign_in, name="login_oidc"),
    path("dang-nhap/lien-ket/tra-loi/", identities.answer, name="login_oidc_answer"),
    *_both("dang-nhap/ma-xac-thuc/", factors.SignInCodeView.as_view(), "login_code", "mfa_authenticate"),
    path("dang-xuat/", signing.sign_out, name="logout"),
    path("doi-mat-khau/", profile.password, name="password_change"),
    path("ho-so/", profile.show, name="profile"),
    path("ho-so/du-lieu/", own_data.show, name="profile_data"),
    path("ho-so/du-lieu/tep.zip", own_data.archive, name="profile_data_zip"),
    path("ho-so/du-lieu/xoa/", own_data.ask_erasure, name="profile_erasure"),
    path("ho-so/du-lieu/thoi-xoa/", own_data.withdraw_erasure, name="profile_erasure_withdraw"),
    path("ho-so/du-lieu-nhay-cam/", profile.sensitive, name="profile_sensitive"),
    path("ho-so/lien-he/", profile.contact, name="profile_contact"),
    path("ho-so/lien-he/xac-nhan/", emails.ask, name="email_confirm_ask"),
    *_both("xac-nhan-email/<str:key>/", emails.ConfirmView.as_view(), "email_confirm", "account_confirm_email"),
    path("ho-so/lien-ket/", identities.show, name="profile_identities"),
    path("ho-so/lien-ket/moi/", identities.link, name="identity_link"),
    path("ho-so/lien-ket/<int:pk>/go/", identities.unlink, name="identity_unlink"),
    path("ho-so/xuat/", profile.export, name="profile_export"),
    *_both("ho-so/xac-thuc-hai-buoc/", factors.FactorsView.as_view(), "factor", "mfa_index", "mfa_list_webauthn"),
    *_both("ho-so/xac-thuc-hai-buoc/ung-dung/", factors.AppView.as_view(), "factor_app", "mfa_activate_totp"),
    *_both("ho-so/xac-thuc-hai-buoc/tat/", factors.AppOffView.as_view(), "factor_off", "mfa_deactivate_totp"),
    *_both(
        "ho-so/xac-thuc-hai-buoc/ma-khoi-phuc/", factors.CodesView.as_view(), "factor_codes", "mfa_view_recovery_codes"
    ),
    path("ho-so/xac-thuc-hai-buoc/ma-khoi-phuc/moi/", factors.NewCodesView.as_view(), name="factor_codes_new"),
    path("ho-so/xac-thuc-hai-buoc/khoa-truy-cap/", factors.PasskeyView.as_view(), name="passkey_add"),
    path("ho-so/xac-thuc-hai-buoc/khoa-truy-cap/<int:pk>/ten/", factors.PasskeyNameView.as_view(), name="passkey_name"),
    path("ho-so/xac-thuc-hai-buoc/khoa-truy-cap/<int:pk>/xoa/", factors.PasskeyOffView.as_view(), name="passkey_off"),
    path("ho-so/phien-dang-nhap/", sessions.show, name="profile_sessions"),
    path("ho-so/phien-dang-nhap/noi-khac/", sessions.end_others, name="profile_sessions_end_others"),
    path("ho-so/phien-dang-nhap/<slug:number>/", sessions.end, name="profile_session_end"),
    path("ho-so/truy-cap-api/", tokens.show, name="profile_tokens"),
    path("ho-so/truy-cap-api/moi/", tokens.new, name="profile_token_new"),
    path("ho-so/truy-cap-api/thu-hoi/", tokens.revoke_all, name="profile_tokens_revoke"),
    path("ho-so/truy-cap-api/<int:pk>/thu-hoi/", tokens.revoke, name="profile_token_revoke"),
    path("kich-hoat/", activation.enter_code, name="activate"),
    path("kich-hoat/mat-khau/", activation.choose_password, name="activate_password"),
    path("ngon-ngu/", login_not_required(set_language), name="set_language"),
    path("quan-tri/login/", login_not_required(_to_sign_in)),
    path("quen-mat-khau/", recovery.ForgottenView.as_view(), name="password_reset"),
    path("quen-mat-khau/da-gui/", recovery.ForgottenDoneView.as_view(), name="password_reset_done"),
    *_both(
        "quen-mat-khau/<uidb36>/<key>/",
        recovery.ResetView.as_view(),
        "password_reset_confirm",
        "account_reset_password_from_key",
    ),
    *_both("xac-nhan-mat-khau/", proofs.PasswordProofView.as_view(), "reauthenticate", "account_reauthenticate"),
    *_both("xac-nhan-mat-khau/ma/", proofs.CodeProofView.as_view(), "reauthenticate_code", "mfa_reauthenticate"),
    *_both(
        "xac-nhan-mat-khau/khoa-truy-cap/",
        proofs.PasskeyProofView.as_view(),
        "reauthenticate_passkey",
        "mfa_reauthenticate_webauthn",
    ),
]
