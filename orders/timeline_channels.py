"""What happens to channels, keys and customers as staff read it: what each fact says."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from oms.channels.telling_files import TOLD
from oms.core.models import EventRecord

Facts = dict[str, Any]
Told = tuple[str, str]


def _says(what: str, *details: str) -> Callable[[Facts, EventRecord], Told]:
    """Say `what` of the subject, with the names in these facts as the detail."""

    def tell(facts: Facts, record: EventRecord) -> Told:
        said = [", ".join(facts[name]) for name in details if facts.get(name)]
        return _(what).format(number=record.subject), "; ".join(said)

    return tell


def _sent_elsewhere(facts: Facts, record: EventRecord) -> Told:
    how = " ".join(filter(None, (facts["carrier"], *facts["tracking_numbers"])))
    return _("Sent, says the channel"), how


def _returns_elsewhere(facts: Facts, record: EventRecord) -> Told:
    return _("Units come back, says the channel"), facts["reason"]


def _file_says(what: object) -> Callable[[Facts, EventRecord], Told]:
    return lambda facts, record: (f"{record.subject}: {what}", "")


CHANNEL_TELLINGS: dict[str, tuple[str, str, Callable[[Facts, EventRecord], Told]]] = {
    **{name: (tone, shape, _file_says(word)) for name, (tone, shape, word) in TOLD.items()},
    "order.sent_elsewhere": ("doing", "s-half", _sent_elsewhere),
    "order.arrived_elsewhere": ("done", "s-check", _says("{number} arrived, says the channel")),
    "order.left_before": ("done", "s-check", _says("Sent before its books were kept here")),
    "order.returns_elsewhere": ("back", "s-back", _returns_elsewhere),
    "channel.opened": ("doing", "s-ring", _says("{number} opened")),
    "channel.changed": ("quiet", "i-edit", _says("Settings of {number} changed", "changes")),
    "channel.connected": ("quiet", "i-link", _says("Connection of {number} changed", "names")),
    "channel.secret_added": ("quiet", "i-key", _says("{number} signs with a new secret")),
    "channel.secret_ended": ("quiet", "s-slash", _says("An old secret of {number} ended")),
    "channel.messages_reprocessed": ("doing", "i-refresh", _says("{number} processed again")),
    "api_key.issued": ("quiet", "i-key", _says("Key {number}… issued", "scopes")),
    "api_key.revoked": ("quiet", "s-slash", _says("Key {number}… ended")),
    "customers.merged": ("doing", "i-people", _says("{number}: one person", "others")),
    "customers.merge_undone": ("back", "s-back", _says("{number} taken back", "others")),
    "stock.available": ("quiet", "i-send", _says("Availability told to {number}")),
}
