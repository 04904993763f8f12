"""Settings, from the environment. Importing them starts nothing.

Every variable is described in `docs/deploy.md`; a wrong value stops the start with a sentence.
"""

import secrets
import sys
import zoneinfo
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from oms import composition, journey, reactions, roles, tours
from oms.core import embedded_postgres, parts, sms_url

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
OMS_HOME = Path(env.str("OMS_HOME", str(BASE_DIR / "var"))).resolve()
TESTING = "pytest" in sys.modules

DEBUG = env.bool("DEBUG", False)
OMS_BASE_URL = env.str("OMS_BASE_URL", f"http://localhost:{env.int('PORT', 8000)}").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [OMS_BASE_URL]


def _secret_key() -> str:
    """Return SECRET_KEY, or one made once and kept where only we can read it."""
    if given := env.str("SECRET_KEY", ""):
        return str(given)
    kept = OMS_HOME / "secret_key"
    if not kept.exists():
        OMS_HOME.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600, exist_ok=True)
        if not kept.read_text():
            kept.write_text(secrets.token_urlsafe(48))
    return kept.read_text()


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# ── Apps ────────────────────────────────────────────────────────────────────────────────────
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "axes",
    "django_q",
    "oms.core",
    "oms.catalog",
    "oms.customers",
    "oms.channels",
    "oms.messaging",
    "oms.alerts",
    "inventory",
    "orders",
    "fulfillment",
    "returns",
    "b2b",
]
MIDDLEWARE = [
    "oms.core.middleware.RequestIdentity",
    "oms.core.middleware.RefuseHostileInput",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "oms.core.middleware.TellTimeAsTheyDo",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "oms.core.middleware.AnswerWhenBusy",
    "oms.core.parts.LeaveOut",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "oms.urls"
WSGI_APPLICATION = "oms.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "oms.core.shell.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# ── Database ────────────────────────────────────────────────────────────────────────────────
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db("DATABASE_URL")
    if env.str("DATABASE_URL", "")
    else {"ENGINE": "django.db.backends.postgresql", **embedded_postgres.settings_for(OMS_HOME)}
}
# A socket's directory may be written as in libpq's own addresses: %2Fvar%2Frun%2Fpostgresql.
DATABASES["default"]["HOST"] = unquote(DATABASES["default"]["HOST"])
DATABASES["default"]["CONN_MAX_AGE"] = None
DATABASES["default"]["OPTIONS"] = {
    **dict(DATABASES["default"].get("OPTIONS", {})),
    "prepare_threshold": 5,
    "options": "-c lock_timeout=3000 -c idle_in_transaction_session_timeout=60000",
}
REPORTS_DATABASE = "default"
if env.str("READ_DATABASE_URL", ""):
    DATABASES["replica"] = {
        **DATABASES["default"],
        **env.db("READ_DATABASE_URL"),
        "OPTIONS": DATABASES["default"]["OPTIONS"],
        "TEST": {"MIRROR": "default"},
    }
    DATABASES["replica"]["HOST"] = unquote(DATABASES["replica"]["HOST"])
    REPORTS_DATABASE = "replica"
if "postgresql" not in DATABASES["default"]["ENGINE"]:
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database (postgres://…).")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROVE_LOCK_ORDER = TESTING or DEBUG

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.str("REDIS_URL"),
    }
    if env.str("REDIS_URL", "")
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# ── People ──────────────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "core:home"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_ENABLED = not TESTING
AXES_VERBOSE = False

# ── Safety ──────────────────────────────────────────────────────────────────────────────────
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
if OMS_BASE_URL.startswith("https://"):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a grid of a thousand lines
MESSAGES_KEPT_DAYS = env.int("MESSAGES_KEPT_DAYS", 30)
PAPERS_KEPT_DAYS = env.int("PAPERS_KEPT_DAYS", 30)
OUTBOUND_ALLOWED_HOSTS = env.list("OUTBOUND_ALLOWED_HOSTS", default=[])

# ── Language, time, files ───────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", "UTC")
if TIME_ZONE not in zoneinfo.available_timezones():
    raise ImproperlyConfigured(f"TIME_ZONE: there is no zone {TIME_ZONE}; write Europe/Amsterdam.")
STATIC_URL = "static/"
STATIC_ROOT = OMS_HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = OMS_HOME / "media"
MEDIA_URL = env.str("MEDIA_URL", "media/")
STORAGES = {
    "default": {"BACKEND": env.str("MEDIA_STORAGE", "django.core.files.storage.FileSystemStorage")},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING

# ── Mail: SMTP when EMAIL_URL says so, files under OMS_HOME otherwise ───────────────────────
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "orders@localhost")
if env.str("EMAIL_URL", ""):
    _mail = env.email_url("EMAIL_URL")
    EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
    EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS, EMAIL_USE_SSL = (
        _mail.get("EMAIL_USE_TLS", False),
        _mail.get("EMAIL_USE_SSL", False),
    )
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = OMS_HOME / "outbox"
EMAIL_TIMEOUT = 15

try:
    _sms = sms_url.read(env.str("SMS_URL", ""))
except ValueError as problem:
    raise ImproperlyConfigured(f"SMS_URL: {problem}.") from None
SMS_GATEWAY: dict[str, str] | None = _sms

STRIPE_API_KEY = env.str("STRIPE_API_KEY", "")
STRIPE_API_BASE = env.str("STRIPE_API_BASE", "https://api.stripe.com")

# ── API ─────────────────────────────────────────────────────────────────────────────────────
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["oms.channels.api.authentication.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["oms.channels.api.permissions.HasScope"],
    "DEFAULT_PARSER_CLASSES": ["oms.core.api.parsing.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "oms.core.api.pagination.NewestFirst",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "oms.core.api.schema.Schema",
    "EXCEPTION_HANDLER": "oms.core.api.problems.problem_details",
    "UNAUTHENTICATED_USER": None,
    "DATETIME_FORMAT": "iso-8601",
    "COERCE_DECIMAL_TO_STRING": True,
    "DEFAULT_VERSIONING_CLASS": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Order management",
    "DESCRIPTION": "Place orders, follow them, ship them, take units back. "
    "Errors are RFC 9457 problem documents; lists are cursor-paginated.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "oms.core.api.schema.with_problems",
    ],
    "PREPROCESSING_HOOKS": ["oms.core.parts.endpoints_that_are_there"],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "WebhookEndpointStatus": "oms.messaging.states.SWITCHES",
        "OrderStatus": "orders.states.OrderStatus",
        "ChangeStatus": "orders.states.ChangeStatus",
        "FulfillmentOrderStatus": "fulfillment.states.FulfillmentOrderStatus",
        "ShipmentStatus": "fulfillment.states.ShipmentStatus",
        "WaveStatus": "fulfillment.states.WaveStatus",
        "WaveRule": "fulfillment.states.WaveRule",
        "ReturnStatus": "returns.states.ReturnStatus",
        "RefundStatus": "orders.states.RefundStatus",
        "PaymentStatus": "orders.states.PaymentStatus",
        "PaymentProgress": "orders.states.PaymentProgress",
        "FulfillmentProgress": "orders.states.FulfillmentProgress",
        "SubscriptionStatus": "orders.states.SubscriptionStatus",
        "CycleStatus": "orders.states.CycleStatus",
        "HeldState": "inventory.api.moving.HELD_STATES",
        "LyingState": "inventory.api.moving.LYING",
    },
}

# ── Queue: it carries wake-ups, never truth ─────────────────────────────────────────────────
Q_CLUSTER = {
    "name": "oms",
    "orm": "default",
    "workers": 2,
    "queue_limit": 2,
    "bulk": 1,
    "timeout": 60,
    "retry": 600,
    "max_attempts": 1,
    "ack_failures": True,
    "save_limit": 0,
    "catch_up": False,
    "recycle": 200,
    "poll": 0.5,
}

# ── The roof: who does what, named by dotted path ───────────────────────────────────────────
try:
    MODULES_LEFT_OUT = parts.modules_of(env.list("PARTS_OFF", default=[]), composition.PARTS)
except parts.UnknownPart as problem:
    raise ImproperlyConfigured(f"PARTS_OFF: {problem}.") from None
PARTS = composition.PARTS
REACTIONS = parts.without(reactions.REACTIONS, MODULES_LEFT_OUT)
ROLES = roles.ROLES
JOBS = composition.JOBS
ROUTINES = parts.without(composition.ROUTINES, MODULES_LEFT_OUT)
ROUTINES_LEFT_OUT = composition.ROUTINES.keys() - ROUTINES.keys()
EVERY_TICK = composition.EVERY_TICK
EVENT_CHANNELS = parts.without(composition.EVENT_CHANNELS, MODULES_LEFT_OUT)
NAVIGATION = [
    entry
    for entry in composition.NAVIGATION
    if not set(composition.PARTS.get(entry.get("part", ""), ())) & set(MODULES_LEFT_OUT)
]
SHELL_ELSEWHERE = parts.without(composition.SHELL_ELSEWHERE, MODULES_LEFT_OUT)
SHELL_LOCATIONS = composition.SHELL_LOCATIONS
FINDERS = parts.without(composition.FINDERS, MODULES_LEFT_OUT)
METRICS = parts.without(composition.METRICS, MODULES_LEFT_OUT)
HOME_CARDS = parts.without(composition.HOME_CARDS, MODULES_LEFT_OUT)
HOME_LOCATIONS = composition.HOME_LOCATIONS
LOCATION_CODES = composition.LOCATION_CODES
ALERTS = parts.without(composition.ALERTS, MODULES_LEFT_OUT)
PEOPLE_AT = composition.PEOPLE_AT
SHELL_NOTICES = composition.SHELL_NOTICES
JOURNEY = journey.JOURNEY
TOURS = tours.TOURS
LETTERS = parts.without(composition.LETTERS, MODULES_LEFT_OUT)
IMPORTERS = parts.without(composition.IMPORTERS, MODULES_LEFT_OUT)
INVARIANTS = composition.INVARIANTS
BENCHMARKS = composition.BENCHMARKS
REPORTS = parts.without(composition.REPORTS, MODULES_LEFT_OUT)
REPORT_KEYS = parts.without(composition.REPORT_KEYS, MODULES_LEFT_OUT)
DEMO = parts.without(composition.DEMO, MODULES_LEFT_OUT)
DEMO_LIFE = parts.without(composition.DEMO_LIFE, MODULES_LEFT_OUT)
ORDER_PARTS = parts.without(composition.ORDER_PARTS, MODULES_LEFT_OUT)
ORDERS_AT_LOCATIONS = composition.ORDERS_AT_LOCATIONS
DOCUMENT_PAGES = {
    prefix: page
    for prefix, page in composition.DOCUMENT_PAGES.items()
    if not set(composition.PARTS.get(page[2], ())) & set(MODULES_LEFT_OUT)
}
WAITING_UNITS = composition.WAITING_UNITS
SERVICE_CHOICES = composition.SERVICE_CHOICES
NEVER_MERGED = parts.without(composition.NEVER_MERGED, MODULES_LEFT_OUT)
PAYMENT_GATEWAYS = composition.PAYMENT_GATEWAYS

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "oms.core.logs.OneLine"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"oms": {"level": "INFO"}, "django.security": {"level": "ERROR"}},
}
