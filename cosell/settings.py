"""Settings. Everything that differs between installations is read from the environment, strictly.

`.env.example` lists the variables; a test keeps it true.
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from cosell.beat import SCHEDULE
from cosell.core import env_urls
from cosell.core.env import Env
from cosell.core.logs import logging_settings
from cosell.core.safety import check_entra, check_keys, check_production

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env(os.environ)

COSELL_PROCESS = env.text(
    "COSELL_PROCESS",
    default="command",
    choices=["web", "worker", "beat", "command"],
    help="What this process is; web, worker and beat refuse a database login that is too mighty.",
)
DEVELOPMENT = env.boolean(
    "DEVELOPMENT", default=False, help="Plain HTTP on this machine; never in production."
)
DEBUG = env.boolean("DEBUG", default=False, help="Django's error pages; needs DEVELOPMENT.")
DEMO = env.boolean(
    "DEMO", default=False, help="Sign-in by one click and the mailbox page; needs DEVELOPMENT."
)
SECRET_KEY = env.secret("SECRET_KEY", help="At least 50 random characters.")
SECRET_KEY_FALLBACKS = env.secrets(
    "SECRET_KEY_FALLBACKS", help="Earlier secret keys, which still read what they wrote."
)
SITE_URL = env.url("SITE_URL", help="Where people reach the product; links in mails start with it.")
ALLOWED_HOSTS = env.host_list("ALLOWED_HOSTS", help="Host names that this installation answers to.")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
INVITATION_DAYS = env.integer(
    "INVITATION_DAYS", default=14, minimum=1, maximum=90, help="Days to answer an invitation."
)

check_keys(SECRET_KEY, SECRET_KEY_FALLBACKS)
if not DEVELOPMENT:
    check_production(
        debug=DEBUG, demo=DEMO, hosts=ALLOWED_HOSTS, key=SECRET_KEY, earlier=SECRET_KEY_FALLBACKS
    )

INSTALLED_APPS = [
    *(["demo"] if DEMO else []),
    "cosell.core",
    "notifications",
    "insights",
    "comments",
    "referrals",
    "deals",
    "partners",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "template_partials",
    "phonenumber_field",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
]

MIDDLEWARE = [
    "cosell.core.middleware.RefuseTrace",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pads at random against BREACH; the form token is masked anew in each response besides.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "cosell.core.middleware.ProbesAreNobodys",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cosell.core.middleware.ReaderLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cosell.core.middleware.HtmxCaching",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "cosell.urls"
WSGI_APPLICATION = "cosell.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "cosell.core.context.installation",
                "deals.context.waiting",
                "notifications.context.bell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "cosell.core.templatetags.ui",
                "cosell.core.templatetags.formats",
                "template_partials.templatetags.partials",
            ],
        },
    }
]
# Widgets are rendered from our templates where there is one.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {
    "default": env.database(
        "DATABASE_URL",
        pool=COSELL_PROCESS == "web",
        help="PostgreSQL 18: cosell_app for the web, cosell_worker for worker and beat,"
        " cosell_owner for migrations.",
    )
}

REDIS_URL = env.redis("REDIS_URL", help="Redis or Valkey: tasks, rate limits, the beat's pulse.")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
}

CELERY_BROKER_URL = env_urls.broker(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Longer than any task runs; a task is delivered again only after its worker is gone.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600, "unacked_restore_throttle": 1}
CELERY_TASK_TIME_LIMIT = 300
CELERY_BEAT_SCHEDULE = SCHEDULE

for _name, _value in env.email(
    "EMAIL_URL", help="Where mails go: smtps://user:password@host"
).items():
    globals()[_name] = _value
DEFAULT_FROM_EMAIL = env.address(
    "DEFAULT_FROM_EMAIL", default="Deal desk <desk@localhost>", help="Sender of every mail."
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

AUTH_USER_MODEL = "partners.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "partners.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_FORMS = {
    "login": "partners.forms.SignInForm",
    "change_password": "partners.forms.ChangePasswordForm",
    "set_password": "partners.forms.SetPasswordForm",
    "reset_password": "partners.forms.ResetPasswordForm",
    "reset_password_from_key": "partners.forms.ResetPasswordKeyForm",
    "reauthenticate": "partners.forms.second_factor.PasswordForm",
}
ACCOUNT_EMAIL_NOTIFICATIONS = True
SOCIALACCOUNT_ADAPTER = "partners.social.SocialAccountAdapter"
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
# Sign-in with Microsoft Entra; without a client there is no button for it.
ENTRA_CLIENT_ID = env.uuid(
    "ENTRA_CLIENT_ID", default="", help="Application (client) ID of the registration in Entra."
)
ENTRA_CLIENT_SECRET = env.secret("ENTRA_CLIENT_SECRET", default="", help="Its client secret.")
ENTRA_TENANT = env.uuid(
    "ENTRA_TENANT",
    default="organizations",
    besides=["organizations"],
    help="Whose people may sign in: any organisation's, or those of the tenant with this ID.",
)
ENTRA_AUTHORITY = env.url(
    "ENTRA_AUTHORITY",
    default="https://login.microsoftonline.com",
    help="Another one for national clouds.",
)
check_entra(
    client_id=ENTRA_CLIENT_ID,
    secret=ENTRA_CLIENT_SECRET,
    authority=ENTRA_AUTHORITY,
    may_be_plain=DEVELOPMENT,
)
MFA_ADAPTER = "partners.mfa.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Addresses are an admin's to say; nobody signs up with one.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# One step of half a minute early or late: clocks differ.
MFA_TOTP_TOLERANCE = 1
# Browsers allow passkeys over plain HTTP on localhost alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEVELOPMENT
MFA_FORMS = {
    "authenticate": "partners.forms.second_factor.CodeForm",
    "reauthenticate": "partners.forms.second_factor.ConfirmForm",
    "activate_totp": "partners.forms.second_factor.ActivateAppForm",
    "add_webauthn": "partners.forms.second_factor.AddPasskeyForm",
    "edit_webauthn": "partners.forms.second_factor.RenamePasskeyForm",
}
# Too low, and everybody behind a proxy shares one rate limit; too high, and anybody forges one.
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer(
    "TRUSTED_PROXIES",
    default=0,
    minimum=0,
    maximum=9,
    help="Proxies in front that append to X-Forwarded-For and set X-Forwarded-Proto.",
)

SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = not DEVELOPMENT
CSRF_COOKIE_SECURE = not DEVELOPMENT
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = not DEVELOPMENT
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
# Without a proxy anybody could claim to have come by HTTPS.
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
)
SECURE_HSTS_SECONDS = 0 if DEVELOPMENT else int(timedelta(days=365).total_seconds())
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEVELOPMENT
SECURE_HSTS_PRELOAD = not DEVELOPMENT
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "cosell.core.pages.csrf_failure"

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # Chromium holds the redirect to Microsoft against the form that leads there.
        "form-action": [SELF, *([ENTRA_AUTHORITY] if ENTRA_CLIENT_ID else [])],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "en"
# Each under its own name, and with a catalogue in `locale`.
LANGUAGES = [("en", "English"), ("pl", "Polski")]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = not DEVELOPMENT
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.time_zone(
    "TIME_ZONE",
    default="Europe/Warsaw",
    help="Shown to people who chose no time zone of their own.",
)
# Overrides what Django thinks of dates in English.
FORMAT_MODULE_PATH = ["cosell.formats"]
USE_I18N = True
USE_TZ = True
PHONENUMBER_DB_FORMAT = "E164"
PHONENUMBER_DEFAULT_FORMAT = "INTERNATIONAL"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
# In production files carry a hash of their content and are cached for good; a development install
# serves them from where they are, with no collecting step.
WHITENOISE_USE_FINDERS = DEVELOPMENT
WHITENOISE_AUTOREFRESH = DEVELOPMENT
_STATIC = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEVELOPMENT
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": _STATIC},
}

LOG_LEVEL = env.text(
    "LOG_LEVEL",
    default="INFO",
    choices=["DEBUG", "INFO", "WARNING", "ERROR"],
    help="How much is logged.",
)
LOG_FORMAT = env.text(
    "LOG_FORMAT", default="json", choices=["json", "text"], help="One JSON object a line, or text."
)
LOGGING = logging_settings(level=LOG_LEVEL, form=LOG_FORMAT)
