"""What all tests share: a real PostgreSQL, a quick password hash, and a world."""

import os

import pytest
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

from fulfillment.selectors import forget_live_rules, forget_rates
from inventory.selectors import forget_serving_locations
from oms.channels.naming import forget_names
from oms.channels.selectors import forget_agreed
from oms.core import buckets, embedded_postgres
from tests.world import World

# Two cores are shared: how long an example takes says nothing.
hypothesis.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("busy")


def pytest_configure(config: pytest.Config) -> None:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    if not os.environ.get("DATABASE_URL"):
        embedded_postgres.ensure_running(settings.OMS_HOME)


@pytest.fixture(autouse=True)
def _quick_and_apart(settings, tmp_path, monkeypatch):
    """Passwords hash at once; media and mail go to a place of the test's own."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(autouse=True)
def _no_kept_locations():
    forget_serving_locations()
    forget_rates()
    forget_live_rules()
    forget_names()
    forget_agreed()
    buckets.forget()
    yield
    forget_serving_locations()
    forget_rates()
    forget_live_rules()
    forget_names()
    forget_agreed()


@pytest.fixture
def world(db):
    return World()
