"""Settings from the environment, with defaults that are safe on a server.

`portal/checks.py` refuses combinations that are dangerous without DEBUG and says what to set.
"""

from __future__ import annotations

from pathlib import Path

import environ
from csp.constants import NONE, SELF

from portal import logs
from portal.signing_in import config as signing_in

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

DEBUG = env.bool("DEBUG", default=False)
# The same, for what must not change when Django's test runner switches DEBUG off.
DEVELOPMENT = DEBUG
DEMO = env.bool("DEMO", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="development-only" * 4 if DEBUG or DEMO else "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEBUG or DEMO else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=not (DEBUG or DEMO))

# -- the portal's own ------------------------------------------------------------------------------

PORTAL_NAME = env.str("PORTAL_NAME", default="Wissensportal")
PORTAL_BASE_URL = env.str("PORTAL_BASE_URL", default="http://localhost:8000")
REVIEW_DUE_WORKING_DAYS = env.int("REVIEW_DUE_WORKING_DAYS", default=10)
# How long the counts of the start page may lag behind; each process keeps them for itself.
BROWSING_SECONDS = env.int("BROWSING_SECONDS", default=60)
CHECK_UP_MONTHS = env.int("CHECK_UP_MONTHS", default=24)
# Whether `run_due` may ask addresses outside if they are there; and, if so, addresses of the own network, too.
LINK_CHECK_BY_SERVER = env.bool("LINK_CHECK_BY_SERVER", default=False)
LINK_CHECK_PRIVATE = env.bool("LINK_CHECK_PRIVATE", default=False)
ATTACHMENT_MAX_BYTES = env.int("ATTACHMENT_MAX_BYTES", default=20 * 2**20)
# What the search may spend on reading one attachment, in a process of its own, and how much of its text it keeps.
ATTACHMENT_TEXT_SECONDS = env.int("ATTACHMENT_TEXT_SECONDS", default=20)
ATTACHMENT_TEXT_MEMORY_BYTES = env.int("ATTACHMENT_TEXT_MEMORY_BYTES", default=300 * 2**20)
ATTACHMENT_TEXT_MAX_BYTES = env.int("ATTACHMENT_TEXT_MAX_BYTES", default=20 * 2**20)
ATTACHMENT_TEXT_CHARACTERS = env.int("ATTACHMENT_TEXT_CHARACTERS", default=200_000)
DIAGRAM_MAX_BYTES = env.int("DIAGRAM_MAX_BYTES", default=5 * 2**20)
# Of a slide template that the administration brings in.
TEMPLATE_MAX_BYTES = env.int("TEMPLATE_MAX_BYTES", default=20 * 2**20)
# What the process may take that makes a draft of a Word document.
WORD_SECONDS = env.int("WORD_SECONDS", default=20)
WORD_MEMORY_BYTES = env.int("WORD_MEMORY_BYTES", default=700 * 2**20)
RECORD_ATTACHMENTS_MAX_BYTES = env.int("RECORD_ATTACHMENTS_MAX_BYTES", default=100 * 2**20)
# Name of the municipality, as packages for others give it.
MUNICIPALITY = env.str("MUNICIPALITY", default="")
# A package for other municipalities, unpacked; what checking a foreign one may take, in a process of its own.
PACKAGE_MAX_BYTES = env.int("PACKAGE_MAX_BYTES", default=2 * 2**30)
PACKAGE_CHECK_SECONDS = env.int("PACKAGE_CHECK_SECONDS", default=300)
PACKAGE_CHECK_MEMORY_BYTES = env.int("PACKAGE_CHECK_MEMORY_BYTES", default=400 * 2**20)
PACKAGES_KEPT_DAYS = env.int("PACKAGES_KEPT_DAYS", default=7)
# How long `run_due` leaves what nobody needs any more (docs/datenschutz.md names both).
MAILS_KEPT_DAYS = env.int("MAILS_KEPT_DAYS", default=90)
SIGN_IN_ATTEMPTS_KEPT_DAYS = env.int("SIGN_IN_ATTEMPTS_KEPT_DAYS", default=7)
SEARCHES_KEPT_DAYS = env.int("SEARCHES_KEPT_DAYS", default=90)
MISSING_NOTES_KEPT_DAYS = env.int("MISSING_NOTES_KEPT_DAYS", default=365)
ASKERS_KEPT_DAYS = env.int("ASKERS_KEPT_DAYS", default=365)

# Where `manage.py backup` writes, for whom it encrypts (public keys of age), how many of its files it keeps (0: all),
# and where pg_dump lies when it is not found by itself.
BACKUP_DIR = env.str("BACKUP_DIR", default="")
BACKUP_RECIPIENTS = env.list("BACKUP_RECIPIENTS", default=[])
BACKUPS_KEPT = env.int("BACKUPS_KEPT", default=14)
POSTGRES_BIN = env.str("POSTGRES_BIN", default="")

# What Prometheus shows to read `/metrics`; empty: there is no such page.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# How often one address of feeds may be asked for; feed programs ask a few times an hour.
FEED_REQUESTS_PER_MINUTE = env.int("FEED_REQUESTS_PER_MINUTE", default=30)

# -- applications ----------------------------------------------------------------------------------

INSTALLED_APPS = [
    "portal",
    "transfer",
    "learnings",
    "processmodels",
    "governance",
    "governance.admin_site.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "taggit",
    "simple_history",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "django_otp",
    "django_otp.plugins.otp_totp",
]
MIDDLEWARE = [
    "portal.metrics.MetricsMiddleware",
    "portal.middleware.HealthMiddleware",
    # What browsers are told stands outside of everything that may answer: also static files and errors.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.ReadableMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.middleware.SecurityLogMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "governance.middleware.StandingMiddleware",
    "portal.signing_in.guard.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.middleware.WrongMethodMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
AUTH_USER_MODEL = "governance.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.frame",
            ],
        },
    }
]

# -- database, files, tasks, mail ------------------------------------------------------------------

DATABASE_URL = env.str("DATABASE_URL", default="")
EMBEDDED_DATABASE = not DATABASE_URL
if EMBEDDED_DATABASE and (DEBUG or DEMO):
    from portal import embedded  # POSIX only: nothing of it is loaded on a server

    DATABASES = {"default": embedded.database_settings(VAR_DIR)}
elif EMBEDDED_DATABASE:
    DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}  # portal.E002 refuses it
else:
    DATABASES = {"default": env.db_url_config(DATABASE_URL)}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 3)
# Each connection is tried before it is used: a database that was restarted fails no request.
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if env.bool("DATABASE_POOL", default=True):
    # While the database is gone requests fail soon instead of piling up, and none waits for an old attempt to connect.
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8, "timeout": 2.5, "reconnect_timeout": 2}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": env.str("FILE_STORAGE", default="django.core.files.storage.FileSystemStorage")},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
FILE_UPLOAD_PERMISSIONS = 0o640
# A drawing comes as a field of the form, not as a file.
DATA_UPLOAD_MAX_MEMORY_SIZE = DIAGRAM_MAX_BYTES + 2**20
# Two step lists of 200 rows and 30 key figures on one page.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="wissensportal@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where mails may go; empty: anywhere. Others are dropped, with a line in the log.
MAIL_ALLOWED_DOMAINS = env.list("MAIL_ALLOWED_DOMAINS", default=[])

# -- signing in ------------------------------------------------------------------------------------

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# The house's directory and the second factor (docs/anmeldung.md).
_signing_in = signing_in.django_settings(env, demo=DEMO, development=DEVELOPMENT)
vars().update(_signing_in)
AUTHENTICATION_BACKENDS += signing_in.backends(_signing_in)
if _signing_in["OIDC_ISSUER"]:
    _after = MIDDLEWARE.index("django.contrib.auth.middleware.AuthenticationMiddleware") + 1
    MIDDLEWARE.insert(_after, "portal.signing_in.renewal.RenewalMiddleware")
if _signing_in["LDAP_URI"]:
    from portal.signing_in import ldap_config

    vars().update(ldap_config.django_settings(_signing_in))
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = env.int("PASSWORD_LINK_DAYS", default=3) * 86_400
PASSWORD_LINKS_PER_HOUR = env.int("PASSWORD_LINKS_PER_HOUR", default=5)
PASSWORD_LINKS_PER_ADDRESS = env.int("PASSWORD_LINKS_PER_ADDRESS", default=20)
SESSION_COOKIE_AGE = env.int("SESSION_COOKIE_AGE", default=8 * 3600)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.errors.csrf_failure"
# Counted in the database, by account and address together, and by address alone. No forwarded header is believed but
# the one that is named here, and only behind a proxy: it must set that header itself (portal.I001).
AXES_FAILURE_LIMIT = env.int("SIGN_IN_ATTEMPTS", default=8)
SIGN_IN_ATTEMPTS_PER_ADDRESS = env.int("SIGN_IN_ATTEMPTS_PER_ADDRESS", default=100)
CLIENT_ADDRESS_HEADER = env.str("CLIENT_ADDRESS_HEADER", default="")
AXES_COOLOFF_TIME = env.float("SIGN_IN_LOCK_HOURS", default=0.25)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "portal.errors.locked_out"
AXES_HANDLER = "portal.sign_in_limits.Handler"
AXES_CLIENT_IP_CALLABLE = "portal.sign_in_limits.client_address"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

# -- what browsers are told ------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# 1: a proxy ends TLS and says so. 0: the web server itself speaks TLS. Not set: portal.W002 asks.
BEHIND_TLS_PROXY = env.bool("BEHIND_TLS_PROXY", default=None)
if BEHIND_TLS_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# -- language, tags, history, log ------------------------------------------------------------------

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Berlin"
USE_TZ = True
TAGGIT_CASE_INSENSITIVE = True
SIMPLE_HISTORY_ENABLED = True
# Each history table gets a text column of its own; one handed to HistoricalRecords would be shared by all kinds.
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
# "json": one object in one line, without personal data, for a log server. See portal/logs.py.
LOGGING = logs.config(env.str("LOG_FORMAT", default="line"), env.str("LOG_LEVEL", default="WARNING"))
