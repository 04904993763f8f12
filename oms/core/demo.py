"""The demo shop: every app adds its part (`DEMO` in `oms/composition.py`), and only once."""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, get_hasher
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from oms.core import sql
from oms.core.actors import Actor
from oms.core.models import User

SLUG = "tea-house"
LITTLE = 8 * 1024
BY = Actor("user", "demo")
DESK = Actor("user", "sam")
HANDS = {"ROT": "wim", "LEJ": "lars", "EWR": "wanda", "RNO": "rita", "AMS-SHOP": "wim"}
WORDS = (
    "amber",
    "birch",
    "clove",
    "dew",
    "ember",
    "fern",
    "ginger",
    "hazel",
    "indigo",
    "jasmine",
    "kettle",
    "linden",
    "maple",
    "nettle",
    "oolong",
    "pepper",
)


@dataclass
class Demo:
    """What the steps hand on: who may sign in, the channel's key, orders placed just now."""

    now: datetime = field(default_factory=timezone.now)
    sign_ins: list[tuple[str, str, str]] = field(default_factory=list)
    api_key: str = ""
    placed: dict[str, str] = field(default_factory=dict)
    """Order numbers by the channel's order id."""
    links: list[tuple[str, str]] = field(default_factory=list)
    """What may be opened without signing in: what it shows, and its address."""


def hand_at(location: str) -> Actor:
    """Return who works at a location."""
    return Actor("user", HANDS.get(location, "otto"))


def secret(name: str) -> bytes:
    """Return 32 bytes that only this installation knows, the same at every run."""
    return hmac.new(settings.SECRET_KEY.encode(), f"demo {name}".encode(), hashlib.sha256).digest()


def password(name: str) -> str:
    """Return a password that can be typed: three words and a number."""
    picked = secret(name)
    words = [WORDS[byte % len(WORDS)] for byte in picked[:3]]
    return f"{'-'.join(words)}-{picked[3] % 90 + 10}"


def give_password(user: User) -> None:
    """Have an account sign in with its `password`.

    Hashed with little memory: it takes no third of a second each, and signing in makes it anew.
    """
    hasher = get_hasher()
    if isinstance(hasher, Argon2PasswordHasher):
        hasher = Argon2PasswordHasher()
        hasher.memory_cost = LITTLE
    user.password = hasher.encode(password(user.username), hasher.salt())
    user.save(update_fields=["password"])


def api_key(name: str) -> str:
    return "oms_" + base64.urlsafe_b64encode(secret(name)).decode().rstrip("=")


def prepare() -> Demo:
    """Have a demo shop, all of it or nothing; a second time leaves it as people have changed it."""
    demo = Demo()
    with transaction.atomic():
        for path in settings.DEMO:
            import_string(path)(demo)
    return demo


def measure(demo: Demo) -> None:
    """Have the database count what came so far: it plans for empty tables otherwise. Only once."""
    if sql.run("SELECT 1 FROM pg_class WHERE relname = 'core_eventrecord' AND reltuples <= 0"):
        sql.run("ANALYZE")
