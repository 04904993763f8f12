"""What readers call those who did something."""

import time

from django.utils.translation import gettext as _

from oms.core import sql

NAMES = """
SELECT 'user', username, trim(first_name || ' ' || last_name) FROM core_user
WHERE first_name <> '' OR last_name <> ''
UNION ALL SELECT 'channel', slug, name FROM channels_channel
"""

_KEPT_FOR = 30.0
_kept: tuple[float, dict[tuple[str, str], str]] = (-_KEPT_FOR, {})


def actor_name(actor: str) -> str:
    """Return who that was: `user:kim` is Kim Vale, `channel:shop` the name of the channel.

    Names are kept in the process for half a minute; whose name is not known is called as they
    sign in.
    """
    kind, _colon, name = actor.partition(":")
    if kind == "system":
        return _("the system")
    if kind == "customer":
        return _("the customer")
    return _names().get((kind, name), name or actor)


def channel_name(slug: str) -> str:
    """Return the name of a channel; its short name where there is none such."""
    return _names().get(("channel", slug), slug)


def person_name(username: str) -> str:
    """Return the name of a person who signs in as `username`."""
    return _names().get(("user", username), username)


def _names() -> dict[tuple[str, str], str]:
    global _kept
    if time.monotonic() - _kept[0] > _KEPT_FOR:
        rows = sql.run(NAMES)
        _kept = (time.monotonic(), {(kind, key): name for kind, key, name in rows})
    return _kept[1]


def forget_names() -> None:
    """Read the names anew at the next call, after one was changed in this process."""
    global _kept
    _kept = (-_KEPT_FOR, {})
