"""What happens to a file as staff read it: what each fact says."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms.channels.models import FileImport
from oms.channels.naming import actor_name
from oms.core.models import EventRecord

TOLD: dict[str, tuple[str, str, str | Promise]] = {
    "file.arrived": ("quiet", "s-ring", gettext_lazy("Brought")),
    "file.mapped": ("quiet", "i-edit", gettext_lazy("Columns settled")),
    "file.started": ("doing", "s-half", gettext_lazy("Being brought in")),
    "file.stopped": ("stop", "s-pause", gettext_lazy("Stopped")),
    "file.resumed": ("doing", "s-half", gettext_lazy("Gone on with")),
    "file.brought_in": ("done", "s-check", gettext_lazy("Brought in")),
    "file.discarded": ("quiet", "s-slash", gettext_lazy("Put away")),
}


@dataclass(frozen=True)
class Entry:
    """One line of the story of a file."""

    at: datetime
    title: str
    detail: str
    tone: str
    shape: str


def story_of(file: FileImport) -> list[Entry]:
    """Return what happened to a file, the latest first."""
    found = EventRecord.objects.filter(thread=file.number).order_by("-happened_at", "-id")
    return [_entry(record) for record in found]


def _entry(record: EventRecord) -> Entry:
    tone, shape, word = TOLD.get(record.name, ("quiet", "s-ring", record.name))
    detail = actor_name(record.actor)
    if kept_as := record.payload.get("kept_as"):
        kept = _("kept as {name}").format(name=kept_as)
        detail = f"{detail}; {kept}"
    return Entry(record.happened_at, str(word), detail, tone, shape)
