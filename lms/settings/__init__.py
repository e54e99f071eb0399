"""Settings of Sen, taken from the environment only.

Every variable that may be set is read here, once, with its default; ``docs/operations.md`` explains each.
Without any variable the product runs on SQLite under ``var/`` for trying it on one machine; an unsafe
production is refused by the system checks in ``lms.common.checks``.
"""

import os
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from lms.settings.csp import SECURE_CSP as SECURE_CSP
from lms.settings.csp import SEN_ADMIN_CSP as SEN_ADMIN_CSP
from lms.settings.environment import BASE_DIR as BASE_DIR
from lms.settings.environment import PRODUCTION, VAR_DIR, env
from lms.settings.environment import SEN_ENVIRONMENT as SEN_ENVIRONMENT
from lms.settings.keys import SEN_AUDIT_KEY as SEN_AUDIT_KEY
from lms.settings.keys import SEN_AUDIT_KEY_FALLBACKS as SEN_AUDIT_KEY_FALLBACKS
from lms.settings.keys import SEN_FACTOR_KEYS as SEN_FACTOR_KEYS
from lms.settings.logs import logging_settings
from lms.settings.openapi import SPECTACULAR_SETTINGS as SPECTACULAR_SETTINGS
from lms.settings.rest import REST_FRAMEWORK as REST_FRAMEWORK
from lms.settings.schedules import SCHEDULES
from lms.settings.sign_in import *  # noqa: F403 (settings of django-allauth)

# A browser takes a cookie of this name only over https, for the whole host and for no other one of the domain.
COOKIE_PREFIX = "__Host-" if PRODUCTION else ""

INSECURE_SECRET_KEY = "insecure-local-only-key-never-use-in-production-0123456789"  # noqa: S105 (refused by sen.E001)
SECRET_KEY = env.str("SEN_SECRET_KEY", default=INSECURE_SECRET_KEY)
SECRET_KEY_FALLBACKS = env.list("SEN_SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.bool("SEN_DEBUG", default=False)
ALLOWED_HOSTS = env.list(
    "SEN_ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"]
)
CSRF_TRUSTED_ORIGINS = env.list("SEN_CSRF_TRUSTED_ORIGINS", default=[])
SEN_BASE_URL = env.str("SEN_BASE_URL", default="http://localhost:8000")

INSTALLED_APPS = [
    "lms.demo",
    "lms.portals.learner",
    "lms.portals.teacher",
    "lms.portals.office",
    "lms.portals.exams",
    "lms.guides",
    "lms.api",
    "lms.operations",
    "lms.reports",
    "lms.certificates",
    "lms.completion",
    "lms.gradebook",
    "lms.attendance",
    "lms.exams",
    "lms.progress",
    "lms.classes",
    "lms.programmes",
    "quizzes",
    "cms",
    "media",
    "lms.notifications",
    "lms.people",
    "lms.audit",
    "lms.common",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "lms.people.wagtail_users_app.SenUsersAppConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "rest_framework",
    "drf_spectacular",
    "django_ox",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "lms.common.request_context.RequestContextMiddleware",
    "lms.common.failures.FrontMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lms.common.csp.CspMiddleware",
    "lms.common.private_answers.PrivateAnswersMiddleware",
    "lms.audit.refusals.RefusalsMiddleware",
    "lms.audit.downloads.DownloadsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lms.common.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lms.people.middleware.SessionLifeMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "lms.people.middleware.GuestMiddleware",
    "lms.people.middleware.PasswordChangeMiddleware",
    "lms.people.middleware.SecondFactorMiddleware",
    "cms.middleware.PageGuard",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "lms.urls"
CSRF_FAILURE_VIEW = "lms.common.failures.csrf_failure"
WSGI_APPLICATION = "lms.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            # Numbers are grouped (USE_THOUSAND_SEPARATOR), so every address and value in markup needs `unlocalize`.
            "builtins": ["django.templatetags.l10n"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lms.common.context.site",
                "lms.common.context.menu",
            ],
        },
    },
]
FORM_RENDERER = "lms.common.forms.SenRenderer"

# --- Database ---------------------------------------------------------------------------------------------
DATABASE_URL = env.str("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'sen.sqlite3'}")
try:
    DATABASES = {"default": environ.Env.db_url_config(DATABASE_URL)}
except ValueError:  # what it says holds a part of the password
    raise ImproperlyConfigured(
        "DATABASE_URL cannot be read. Characters of the password other than letters and digits are written as %XX "
        "(“/” is %2F, “#” is %23); a password of letters and digits needs none of that."
    ) from None
_default = DATABASES["default"]
_default["CONN_MAX_AGE"] = env.int("SEN_CONN_MAX_AGE", default=None)
_default["CONN_HEALTH_CHECKS"] = True
_default.setdefault("OPTIONS", {})
if _default["ENGINE"] == "django.db.backends.sqlite3":
    # WAL lets readers go on beside the one writer; IMMEDIATE takes the write lock at BEGIN, so that no
    # transaction fails half-way; synchronous=FULL keeps an acknowledged answer through a power cut.
    _default["OPTIONS"] |= {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-64000; "
        "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;",
    }
elif _default["ENGINE"] == "django.db.backends.postgresql":
    _default["ENGINE"] = "lms.common.db.postgresql"
    _default["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": 2}
    # A pooler gives the next statement to another session of the server, which knows nothing of the cursor.
    _default["DISABLE_SERVER_SIDE_CURSORS"] = env.bool("SEN_PGBOUNCER", default=False)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache, sessions, tasks -------------------------------------------------------------------------------
CACHE_URL = env.str("CACHE_URL", default="")
if CACHE_URL:
    CACHES = {
        "default": {
            "BACKEND": "lms.common.steady_cache.SteadyCache",  # goes on while the server is away
            "LOCATION": CACHE_URL,
            "KEY_PREFIX": "sen",
        }
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": 20000},
        }
    }
# What every server process must see alike (limits, invalidation) goes to the cache "shared"; "default" may be
# per process and is for what can be read again at any time.
CACHES["shared"] = (
    CACHES["default"]
    if CACHE_URL
    else {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": VAR_DIR / "cache"}
)
# How many server processes share this installation; in production more than one needs CACHE_URL (sen.E005).
SEN_WORKERS = env.int("SEN_WORKERS", default=min(os.cpu_count() or 1, 4))
SEN_THREADS = env.int("SEN_THREADS", default=4)
# Always the database: a cache that was away and comes back would bring back who has signed out meanwhile.
SESSION_ENGINE = "lms.people.sessions"
# Sessions end when nothing is asked for so long, and after so many days in any case. People with a role work at desks
# that others pass; learners have phones of their own.
SEN_SESSION_IDLE_HOURS = env.int("SEN_SESSION_IDLE_HOURS", default=14 * 24)
SEN_SESSION_IDLE_HOURS_STAFF = env.int("SEN_SESSION_IDLE_HOURS_STAFF", default=12)
SEN_SESSION_DAYS = env.int("SEN_SESSION_DAYS", default=60)
SEN_SESSION_DAYS_STAFF = env.int("SEN_SESSION_DAYS_STAFF", default=14)
SESSION_COOKIE_AGE = 3600 * SEN_SESSION_IDLE_HOURS  # renewed while the session is used
TASKS = {
    "default": {
        "BACKEND": "django_ox.backend.OxBackend",
        "QUEUES": [],
        "OPTIONS": {
            "MAX_ATTEMPTS": 5,
            "LOCK_TIMEOUT": 300,
            "WORKER_CLASS": "lms.common.tasks.SenWorker",
            "SCHEDULES": SCHEDULES,
        },
    }
}

# What `manage.py serve` runs beside the web server and the worker; it tells administrators what is wrong.
SEN_WATCH = "lms.operations.watch.run"
# What this machine believes about its clock (lms.common.steady_clock).
SEN_CLOCK_FILE = VAR_DIR / "clock.json"
# A disk with less space than this is reported.
SEN_DISK_FREE_MB = env.int("SEN_DISK_FREE_MB", default=1024)
# The file that the nightly backup touches when it has succeeded; empty: nobody watches.
SEN_BACKUP_MARKER = env.str("SEN_BACKUP_MARKER", default="")

# --- People -----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["lms.people.backends.IdentifierBackend"]
PASSWORD_HASHERS = ["lms.people.hashers.SenArgon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "lms.people.passwords.WordListValidator"},
]
SEN_ACTIVATION_DAYS = env.int("SEN_ACTIVATION_DAYS", default=60)
# Roles whose holders must set up a second factor before anything else, for example "administrator,national_manager".
SEN_SECOND_FACTOR_ROLES = frozenset(env.list("SEN_SECOND_FACTOR_ROLES", default=[]))
SEN_TOKEN_DAYS = env.int("SEN_TOKEN_DAYS", default=30)  # of an API token; using one does not prolong it
# How long the network addresses of recorded sign-ins, refusals and downloads are kept (docs/adr/0031).
SEN_TRACE_DAYS = env.int("SEN_TRACE_DAYS", default=180)
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "home"
# Demo accounts with a public password exist only where demo data is allowed (never in production: sen.E006).
SEN_DEMO = env.bool("SEN_DEMO", default=not PRODUCTION)

# --- Language and time ------------------------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
# The second folder is the Vietnamese of Django, Wagtail and REST framework (docs/maintain/third_party_strings.py).
LOCALE_PATHS = [BASE_DIR / "lms" / "locale", BASE_DIR / "lms" / "third_party" / "locale"]
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}sen_language"
LANGUAGE_COOKIE_SECURE = PRODUCTION
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["lms.common.locale_formats"]

# --- Files ------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [("huong-dan", BASE_DIR / "docs/huong-dan/hinh")]  # pictures of the guides
MEDIA_URL = "/tep/"
MEDIA_ROOT = Path(env.str("SEN_UPLOADS_DIR", default=str(VAR_DIR / "uploads")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "lms.common.static_bundle.SenStaticFilesStorage"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_MAX_AGE = 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# Megabytes that the process which reads an uploaded file may use (lms.common.limited).
SEN_UPLOAD_MEMORY = env.int("SEN_UPLOAD_MEMORY", default=1024)

# Where the nightly proof of the audit trail keeps its anchors and looks for the last one; another disk is better.
SEN_ANCHORS_DIR = Path(env.str("SEN_ANCHORS_DIR", default=str(VAR_DIR / "anchors")))

# --- Security ---------------------------------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SAMESITE = "Lax"
# Which accounts a browser has signed in from before (lms.people.known_devices), and which device it is in an exam.
SEN_KNOWN_DEVICE_COOKIE = f"{COOKIE_PREFIX}sen_known"
SEN_EXAM_DEVICE_COOKIE = f"{COOKIE_PREFIX}sen_device"
SECURE_SSL_REDIRECT = env.bool("SEN_SSL_REDIRECT", default=PRODUCTION)
SECURE_HSTS_SECONDS = env.int("SEN_HSTS_SECONDS", default=31_536_000 if PRODUCTION else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.bool("SEN_HSTS_SUBDOMAINS", default=False)
# Whether other sites of the same domain speak https is theirs to know; SEN_HSTS_SUBDOMAINS is the place to say so.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# Only a proxy that always overwrites the header may be trusted with it.
if env.bool("SEN_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    USE_X_FORWARDED_HOST = True

# --- Mail -------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.str("SEN_FROM_EMAIL", default="sen@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
SEN_SMTP_HOST = env.str("SEN_SMTP_HOST", default="")
# "off" says on purpose that no mail leaves; a production that says neither is refused (sen.E008).
SEN_MAIL_OFF = env.str("SEN_MAIL", default="on").lower() in {"off", "0", "false", "no"}
if SEN_MAIL_OFF:
    SEN_SMTP_HOST = ""
# Whether people are offered links by mail. A link never goes to the log of a production.
SEN_MAIL = bool(SEN_SMTP_HOST) or not (PRODUCTION or SEN_MAIL_OFF)
if SEN_SMTP_HOST:
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": SEN_SMTP_HOST,
                "port": env.int("SEN_SMTP_PORT", default=587),
                "username": env.str("SEN_SMTP_USER", default=""),
                "password": env.str("SEN_SMTP_PASSWORD", default=""),
                "use_tls": env.bool("SEN_SMTP_TLS", default=True),
                "timeout": 10,
            },
        }
    }
elif SEN_MAIL:  # on one machine, to try it: messages are written to the log
    MAILERS = {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}
else:
    MAILERS = {"default": {"BACKEND": "lms.common.no_mail.NoMailBackend"}}

# --- Wagtail ----------------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Sen"
WAGTAILIMAGES_IMAGE_MODEL = "sen_media.SenImage"
WAGTAILDOCS_DOCUMENT_MODEL = "sen_media.SenDocument"
WAGTAILADMIN_BASE_URL = SEN_BASE_URL
WAGTAIL_I18N_ENABLED = False
WAGTAIL_WORKFLOW_ENABLED = True  # authors hand in, editors decide; roles say who is which (docs/adr/0018)
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAILADMIN_EXTERNAL_LINK_CONVERSION = "never"  # the look-up names any page by its address
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False  # people choose their own, with an activation code
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_LOGIN_URL = "/dang-nhap/"
WAGTAIL_FRONTEND_LOGIN_URL = "/dang-nhap/"
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []  # no third-party content on any page
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILDOCS_EXTENSIONS = [
    "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "odp", "txt",
    "mp3", "m4a", "ogg", "mp4", "webm", "vtt",
]  # fmt: skip
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "cms.file_forms.UnitDocumentForm"
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.file_forms.UnitImageForm"
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "cms.search"}}
TAGGIT_CASE_INSENSITIVE = True

# --- Rules of the field: defaults, overridable per installation or per programme ---------------------------
# How long after an exam's deadline an answer that was on its way is still taken. Nobody can tell the way from typing,
# so it is short, and invigilators see how long after the end the last answer came.
SEN_ATTEMPT_GRACE_SECONDS = env.int("SEN_ATTEMPT_GRACE_SECONDS", default=10)
# How many guests a sitting lets in that names no number of its own, how many may give a name from one address in five
# minutes (a hall shares one), and for how many days after a sitting a guest's name is kept.
SEN_SITTING_GUESTS = env.int("SEN_SITTING_GUESTS", default=1000)
SEN_GUESTS_PER_ADDRESS = env.int("SEN_GUESTS_PER_ADDRESS", default=2000)
SEN_GUEST_DAYS = env.int("SEN_GUEST_DAYS", default=30)
SEN_CLASS_MIN_LEARNERS = env.int("SEN_CLASS_MIN_LEARNERS", default=25)
# Reading time that a client reports counts up to the time since the item was first opened plus these seconds
# (a report that was queued while the network was away, the page's own loading).
SEN_READING_TOLERANCE = env.int("SEN_READING_TOLERANCE", default=120)
# Certificates: whose header ("party" or "state", docs/domain.md), what follows the number ("12/2026/GCN-TTCT"),
# who signs.
SEN_CERTIFICATE_LETTERHEAD = env.str("SEN_CERTIFICATE_LETTERHEAD", default="party")
SEN_CERTIFICATE_SYMBOL = env.str("SEN_CERTIFICATE_SYMBOL", default="GCN-TTCT")
SEN_CERTIFICATE_SIGNER_TITLE = env.str("SEN_CERTIFICATE_SIGNER_TITLE", default="Giám đốc")
# Look-ups of certificates by code and network address in a minute; a code has 2^54 possibilities.
SEN_VERIFY_PER_MINUTE = env.int("SEN_VERIFY_PER_MINUTE", default=120)

LOGGING = logging_settings(
    level=env.str("SEN_LOG_LEVEL", default="WARNING"), form=env.str("SEN_LOG_FORMAT", default="text")
)
