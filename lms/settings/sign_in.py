"""Settings of django-allauth, and the parts that it leaves to us (docs/adr/0042)."""

from __future__ import annotations

from typing import Any

from lms.settings.environment import env

SEN_PROOF_MINUTES = env.int("SEN_PROOF_MINUTES", default=10)  # before a page asks once more who is there

ACCOUNT_ADAPTER = "lms.people.adapters.AccountAdapter"
MFA_ADAPTER = "lms.people.adapters.FactorAdapter"
SOCIALACCOUNT_ADAPTER = "lms.people.adapters.IdentityAdapter"

# Accounts are made by offices; nobody signs up, and nothing signs in by a code that was mailed.
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*"]
ACCOUNT_SIGNUP_ENABLED = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 1
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "lms.people.reset_links.ResetLinks"  # noqa: S105
# Somebody who is signed in may open the page to sign in with another account.
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False
ACCOUNT_REAUTHENTICATION_METHODS = ["password", "mfa"]
ACCOUNT_REAUTHENTICATION_TIMEOUT = 60 * SEN_PROOF_MINUTES
ACCOUNT_LOGIN_TIMEOUT = 10 * 60  # from the password to the second factor
# Our own throttle counts (lms.people.services.throttling): there is one mechanism.
ACCOUNT_RATE_LIMITS: Any = False
MFA_RATE_LIMITS: Any = False

MFA_SUPPORTED_TYPES = ["recovery_codes", "totp", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Sen"
MFA_TOTP_TOLERANCE = 1  # steps of thirty seconds that the clock of a phone may be early or late
MFA_RECOVERY_CODE_COUNT = 10
MFA_RECOVERY_CODE_DIGITS = 12
MFA_RECOVERY_CODES_SHOW_ONCE = True
# An address may be the office's to write: it does not keep a person from a second factor.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "lms.people.factor_forms.SignInCodeForm",
    "reauthenticate": "lms.people.factor_forms.ProofCodeForm",
    "activate_totp": "lms.people.factor_forms.FirstCodeForm",
    "authenticate_webauthn": "lms.people.factor_forms.SignInKeyForm",
    "reauthenticate_webauthn": "lms.people.factor_forms.ProofKeyForm",
    "add_webauthn": "lms.people.factor_forms.AddKeyForm",
    "edit_webauthn": "lms.people.factor_forms.RenameKeyForm",
}

# A provider of identities (OpenID Connect), where the installation has one. People link their identities themselves.
SEN_OIDC_ISSUER = env.str("SEN_OIDC_ISSUER", default="")  # as its tokens name it
SEN_OIDC_CLIENT_ID = env.str("SEN_OIDC_CLIENT_ID", default="")
SEN_OIDC_CLIENT_SECRET = env.str("SEN_OIDC_CLIENT_SECRET", default="")
SEN_OIDC_NAME = env.str("SEN_OIDC_NAME", default="OpenID Connect")  # on the button
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
