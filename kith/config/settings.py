"""Django's settings, and the list of rooms. Everything that differs between installations comes from `environ`."""

import os
from pathlib import Path

from kith.config import environ

_told = environ.read(os.environ)
_here = Path(__file__).resolve().parent

KITH_HOME = _told.home
KITH_FILES = KITH_HOME / "files"
KITH_HTTPS = _told.https

SECRET_KEY = _told.secret_key
# Either the keys themselves, or the file that holds them: see kith.kernel.secrets.
KITH_ENCRYPTION_KEYS = _told.encryption_keys
KITH_ENCRYPTION_KEYS_FILE = _told.encryption_keys_file
# Exact places beyond the public internet that kith.kernel.http may connect to.
KITH_OUTBOUND_ALLOW = _told.outbound_allow
# What looks at files before they are taken in: see kith.kernel.intake.
KITH_SCANNER = _told.scanner
DEBUG = _told.debug
ALLOWED_HOSTS = _told.hosts
DATABASES = {"default": _told.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# The list of rooms, from the ground up. Nothing else names them all.
ROOMS = [
    "kith.events.apps.Events",
    "kith.identity.apps.Identity",
    "kith.objects.apps.Objects",
    "kith.threads.apps.Threads",
    "kith.hooks.apps.Hooks",
    "kith.ui.apps.Ui",
    "kith.api.apps.Api",
    "kith.contacts.apps.Contacts",
]

INSTALLED_APPS = [
    # First, because of two translations of one sentence that of the earlier app is taken.
    "kith.config.apps.Config",
    *ROOMS,
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_tasks_db",
    # Its flows are not shown: kith.identity uses its one-time codes, passkeys, OpenID Connect and SAML.
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "allauth.mfa",
]

MIDDLEWARE = [
    # First, so that redirects, static files and faults carry the headers too.
    "kith.ui.middleware.Headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages shrink to a tenth; Django pads them at random, so that their length tells nothing of the secrets in them.
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "kith.ui.limits.Limits",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kith.ui.middleware.Shell",
]

ROOT_URLCONF = "kith.config.urls"
WSGI_APPLICATION = "kith.config.wsgi.application"
ASGI_APPLICATION = "kith.config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,  # with the cached loader, in DEBUG too
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# People and passwords.
AUTH_USER_MODEL = "identity.User"
PASSWORD_HASHERS = [
    "kith.identity.passwords.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    # No composition rules: length and a block list are what NIST SP 800-63B-4 asks for.
    {"NAME": "kith.identity.passwords.Length"},
    {"NAME": "kith.identity.passwords.BlockList"},
]
SESSION_ENGINE = "kith.identity.sessions"
KITH_PROXIES = _told.proxies
KITH_URL = _told.url

# What kith.identity uses of allauth.
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "kith.identity.factors.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Kith"
MFA_RECOVERY_CODE_DIGITS = 10
SOCIALACCOUNT_ADAPTER = "kith.identity.providers.Adapter"
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "provider_class": "kith.identity.providers.OpenID",
    },
    "saml": {"provider_class": "kith.identity.providers.Saml"},
}
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
CSRF_FAILURE_VIEW = "kith.ui.screens.faults.csrf"

# Languages and time. Every instant is UTC inside; screens turn it into the reader's zone.
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
# Each language by the name that its readers know it by; such a name is not translated.
LANGUAGES = [
    ("en", "English"),
    ("fi", "Suomi"),
    ("zh-hans", "简体中文"),
    ("fa", "فارسی"),
    ("sl", "Slovenščina"),
]
# Rooms bring their own; the ground floor is no Django app, so its catalogue is named here.
LOCALE_PATHS = [_here.parent / "kernel" / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"

# Static files: scripts/assets.py writes bundles into STATICFILES_DIRS; collectstatic hashes and compresses them into
# STATIC_ROOT. Wheels carry both, so that an installation needs neither Node nor a build step.
STATIC_URL = "/static/"
STATICFILES_DIRS = [_here / "static"] if (_here / "static").is_dir() else []
STATIC_ROOT = _here / "collected"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(KITH_FILES)}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# esbuild hashes the chunks itself; without the second half they would be revalidated at every visit.
WHITENOISE_IMMUTABLE_FILE_TEST = r"(^.+\.[0-9a-f]{12}\..+$)|(/chunks/.+-[A-Z0-9]{8}\.js$)"
WHITENOISE_MIMETYPES = {".specrules": "application/speculationrules+json"}
WHITENOISE_ALLOW_ALL_ORIGINS = False

# There is no MEDIA_URL: a file leaves only through the gate of the record that owns it.
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# See kith.ui.limits, which says in sentences what is refused for its size.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 10

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

# Mail leaves through the one door to the outside; without a server none is sent, and screens say so.
EMAIL_BACKEND = "kith.kernel.mail.Mail" if _told.mail else "django.core.mail.backends.dummy.EmailBackend"
KITH_MAIL = bool(_told.mail)
globals().update(_told.mail)

# Cookies and headers. The content security policy is set by the shell, next to the pages that it is about.
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if KITH_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    # The prefix makes browsers refuse such a cookie from a sub-domain or over plain HTTP.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    CSRF_TRUSTED_ORIGINS = [f"https://{host.removeprefix('.')}" for host in ALLOWED_HOSTS if host != "*"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "kith.config.logs.Line"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": _told.log_level},
    "loggers": {
        "django": {"handlers": [], "propagate": True, "level": "INFO"},
        # It tells of every look for work, twice a second.
        "django_tasks_db": {"level": "WARNING"},
    },
}
