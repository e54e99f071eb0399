"""Addresses of the account pages."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from lms.people.views import (
    activation,
    factors,
    own_data,
    profile,
    proofs,
    recovery,
    sessions,
    signing,
    tokens,
)

# Wagtail's own sign-in must not be a second one.
_to_sign_in = RedirectView.as_view(pattern_name="login", query_string=True)

urlpatterns: list[URLPattern] = [
    path("bat-dau/", signing.start, name="start"),
    path("dang-nhap/", signing.sign_in_page, name="login"),
    path("dang-nhap/ma-xac-thuc/", factors.login_code, name="login_code"),
    path("dang-xuat/", signing.sign_out, name="logout"),
    path("doi-mat-khau/", profile.password, name="password_change"),
    path("ho-so/", profile.show, name="profile"),
    path("ho-so/du-lieu/", own_data.show, name="profile_data"),
    path("ho-so/du-lieu/tep.zip", own_data.archive, name="profile_data_zip"),
    path("ho-so/du-lieu/xoa/", own_data.ask_erasure, name="profile_erasure"),
    path("ho-so/du-lieu/thoi-xoa/", own_data.withdraw_erasure, name="profile_erasure_withdraw"),
    path("ho-so/du-lieu-nhay-cam/", profile.sensitive, name="profile_sensitive"),
    path("ho-so/lien-he/", profile.contact, name="profile_contact"),
    path("ho-so/xuat/", profile.export, name="profile_export"),
    path("ho-so/xac-thuc-hai-buoc/", factors.factor, name="factor"),
    path("ho-so/xac-thuc-hai-buoc/ma-khoi-phuc/", factors.factor_codes, name="factor_codes"),
    path("ho-so/xac-thuc-hai-buoc/tat/", factors.factor_off, name="factor_off"),
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
    path("quen-mat-khau/<uidb64>/<token>/", recovery.ResetView.as_view(), name="password_reset_confirm"),
    path("xac-nhan-mat-khau/", proofs.reauthenticate, name="reauthenticate"),
]
