"""Django's settings, derived from the one Config."""

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from csp.constants import NONE, SELF

from conference import config as configuration

CONFIG = configuration.load()
ROOT = Path(__file__).resolve().parent.parent

DEBUG = False
# Empty on purpose: Django then refuses to sign anything. conference.startup.open_keys
# derives it from the root key; commands that need no key never have one.
SECRET_KEY = ""
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = [urlsplit(CONFIG.origin).hostname or ""] if CONFIG.origin else LOOPBACK

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "csp",
    "django_otp",
    "audit",
    "consent",
    "conference.covenant",
    "conference.accounts",
    "conference.vault",
    "conference.cases",
    "agenda",
    "frontend",
]

MIDDLEWARE = [
    "conference.health.HealthMiddleware",
    "conference.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "frontend.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    # In place of Django's and django-otp's own: a person with one factor is nobody yet.
    "conference.accounts.middleware.IdentityMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "frontend.trouble.TroubleMiddleware",
]

ROOT_URLCONF = "conference.urls"
ASGI_APPLICATION = "conference.asgi.application"
AUTH_USER_MODEL = "accounts.Person"
LOGIN_URL = "/login/"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "frontend.context.frame",
                "frontend.context.frame",
            ],
        },
    }
]


LONGEST_WAIT = 2  # seconds that anybody waits for another's lock: as long as for the log


def _sqlite() -> dict[str, object]:
    """SQLite: one process, every commit synced before it is acknowledged."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(CONFIG.data_folder / "casustafel.sqlite3"),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": LONGEST_WAIT,
            # recursive_triggers: without it INSERT OR REPLACE passes a trigger that forbids DELETE.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;",
        },
        "TEST": {"NAME": str(CONFIG.data_folder / "test.sqlite3")},
    }


def _postgres() -> dict[str, object]:
    """PostgreSQL; `?host=/folder` names the folder of a unix socket, as in libpq's URLs."""
    url = urlsplit(CONFIG.database_url)
    query = parse_qs(url.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or "") or query.get("user", [""])[0],
        "PASSWORD": unquote(url.password or "") or query.get("password", [""])[0],
        "HOST": unquote(url.hostname or "") or query.get("host", [""])[0],
        "PORT": str(url.port or query.get("port", [""])[0]),
        "OPTIONS": {key: query[key][0] for key in ("sslmode", "sslrootcert") if key in query}
        | {"options": f"-c lock_timeout={LONGEST_WAIT * 1000}"},
    }


DATABASES = {"default": _postgres() if CONFIG.postgres else _sqlite()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PASSWORD_HASHERS = ["conference.accounts.passwords.Argon2idHasher"]

# --- sessions and forms ------------------------------------------------------------
SESSION_ENGINE = "conference.accounts.session_store"
SESSION_COOKIE_NAME = "sessionid"
SESSION_COOKIE_AGE = CONFIG.session_hours * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # shared desks: a closed browser is a closed session
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # not Strict: an invitation's link arrives from a mail program
SESSION_COOKIE_SECURE = CONFIG.https
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = CONFIG.https
CSRF_TRUSTED_ORIGINS = [CONFIG.origin] if CONFIG.origin else []
# The origins from which a socket may be opened; without CONFIG.origin `serve` adds what it listens on.
ALLOWED_ORIGINS: list[str] = [CONFIG.origin] if CONFIG.origin else []
CSRF_FAILURE_VIEW = "frontend.views.errors.form_expired"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 1
# A document is never laid on a disk unsealed: as large as a whole request may be, so nothing rolls over to a file.
FILE_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

# --- headers -----------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Not no-referrer: a browser then sends `Origin: null` with a form, and CSRF refuses it.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = CONFIG.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIG.https else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if CONFIG.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = CONFIG.https
SECURE_HSTS_PRELOAD = CONFIG.https
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": [NONE],
    }
}

# --- language, time, static files --------------------------------------------------
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = CONFIG.https
LOCALE_PATHS = [ROOT / "frontend" / "locale"]
USE_I18N = True
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.AppDirectoriesFinder"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False

# conference.logging routes everything through one allow-list; Django's own set-up is off.
LOGGING_CONFIG = None
