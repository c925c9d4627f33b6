"""设置: everything that differs between counties comes from the environment (see docs/reference/settings.md)."""

import hashlib
import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sanyi import __version__

SANYI_HOME = Path(os.environ.get("SANYI_HOME") or "var").resolve()
DEFAULT_COUNTY = "140830000000"
LAKE_ROOT = SANYI_HOME / "lake"
FILES_ROOT = SANYI_HOME / "files"
KEYS_ROOT = SANYI_HOME / "keys"
PACKAGE = Path(__file__).resolve().parent

DEBUG = os.environ.get("SANYI_DEBUG", "") == "1"
ALLOWED_HOSTS = os.environ.get("SANYI_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")


def _county() -> str:
    """Read the county's code from the environment, or from the home folder's file ``county``, where a home has one."""
    kept = SANYI_HOME / "county"
    return os.environ.get("SANYI_COUNTY") or (kept.read_text().strip() if kept.exists() else DEFAULT_COUNTY)


SANYI_COUNTY = _county()


def _secret_key() -> str:
    """Read the signing key from the environment, or keep a random one in the home folder (mode 0600)."""
    given = os.environ.get("SANYI_SECRET_KEY")
    if given:
        return given
    path = SANYI_HOME / "secret-key"
    if not path.exists():
        SANYI_HOME.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text()


SECRET_KEY = _secret_key()


def _database(url: str) -> dict[str, object]:
    """Turn a database address into Django's settings; an empty address means SQLite in the home folder."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": SANYI_HOME / "sanyi.sqlite3",
            "TEST": {"NAME": SANYI_HOME / "tests.sqlite3"},  # a file: threads and processes share it as in use
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
            },
            # Each thread keeps its connection: the last one to close writes the whole log back, milliseconds a request.
            "CONN_MAX_AGE": None,
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError("SANYI_DATABASE_URL 只支持 postgresql://用户:口令@主机:端口/库名；不设置则使用 SQLite。")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 30}},
    }


DATABASES = {"default": _database(os.environ.get("SANYI_DATABASE_URL", ""))}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "ninja",
    "django_tasks",
    "django_tasks_db",
    "sanyi.registry",
    "sanyi.exchange",
    "sanyi.insurance",
    "sanyi.governance",
    "sanyi.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "sanyi.web.middleware.PageHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "sanyi.web.middleware.OneLookMiddleware",
    "sanyi.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "sanyi.web.urls"
WSGI_APPLICATION = "sanyi.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates", *sorted(PACKAGE.parent.glob("*/*/templates"))],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "sanyi.web.context.frame",
            ],
        },
    }
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_AGE = 365 * 86400
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"


def _static_address() -> str:
    """Put a digest of our own and the fetched files into the address, so that browsers may keep them for ever."""
    digest = hashlib.sha256(__version__.encode())
    for path in sorted([*(PACKAGE / "static/sanyi").rglob("*"), PACKAGE / "static/vendor/lock-digest.txt"]):
        if path.is_file():
            digest.update(path.read_bytes())
    return f"/static/{digest.hexdigest()[:12]}/"


STATIC_URL = _static_address()
STATICFILES_DIRS = [PACKAGE / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/[0-9a-f]{12}/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FILES_ROOT}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "sanyi.exchange.intake.services.uploading.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

AUTHENTICATION_BACKENDS = ["sanyi.registry.access.services.sign_in.LockOutBackend"]
PASSWORD_HASHERS = [  # the first hashes; the others let older hashes in once more, and then they are replaced
    "sanyi.registry.access.services.hashing.PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"
CSRF_FAILURE_VIEW = "sanyi.web.error_pages.csrf_failure"
SESSION_ENGINE = "sanyi.web.sessions.store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # A sentence answered with 4xx is no fault of the program and fills no log.
        "django.request": {"level": "ERROR"},
        "django_tasks": {"level": "WARNING"},
        "django_tasks_db": {"level": "WARNING"},
    },
}
