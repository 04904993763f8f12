"""Versions of the routing rules: drafted, published, taken back."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from fulfillment.errors import BadRules
from fulfillment.errors_routing import (
    BackTestNeeded,
    NothingPublished,
    RoutingMoved,
    RoutingVersionChanged,
    RoutingVersionNotFound,
    RoutingVersionSettled,
)
from fulfillment.events import (
    RoutingChanged,
    RoutingDiscarded,
    RoutingDrafted,
    RoutingPublished,
)
from fulfillment.models import RoutingVersion
from fulfillment.rules.reading import parse
from fulfillment.rules.routing import KIND, RuleBook
from fulfillment.rules.writing import document_of
from fulfillment.selectors import (
    back_test_for,
    forget_live_rules,
    rules_document,
)
from fulfillment.states import ROUTING_VERSION, RoutingVersionStatus
from inventory.models import Location
from oms.core import sql
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.locking import lock, lock_one
from oms.core.services import service

THREAD = "routing"
ONE_AT_A_TIME = 771_001
"""The advisory lock under which versions get their numbers and go live."""

LIVE = RoutingVersionStatus.LIVE


@service
def begin_routing_draft(
    *, based_on: int, rules: object = None, note: str = "", by: Actor, at: datetime
) -> RoutingVersion:
    """Begin a draft with the rules of a version, or with the built-in ones (0); or with `rules`,
    as a document, that stand beside them.

    Raises: RoutingVersionNotFound, BadRules.
    Locks: nothing.
    Publishes: RoutingDrafted.
    """
    document = rules_document(based_on)
    if rules is not None:
        book = parse(rules)
        _refuse_unknown_locations(book)
        document = document_of(book)
    _one_at_a_time()
    made = RoutingVersion(
        number=_next_number(),
        rules=document,
        note=note,
        based_on=based_on,
        made_by=str(by),
        made_at=at,
        changed_by=str(by),
        changed_at=at,
    )
    made.save(force_insert=True)
    publish(
        RoutingDrafted(
            thread=THREAD,
            subject=str(made),
            by=by,
            at=at,
            version=made.number,
            based_on=based_on,
        )
    )
    return made


@service
def save_routing_draft(
    *, version: int, revision: int, rules: object, note: str = "", by: Actor, at: datetime
) -> RoutingVersion:
    """Have a draft say `rules`, as a document, and why in `note`.

    `revision` is the one that was being changed: two people who change the same draft do not undo
    each other's work unseen. What it says already changes nothing.

    Raises: RoutingVersionNotFound, RoutingVersionChanged, RoutingVersionSettled, BadRules.
    Locks: RoutingVersion.
    Publishes: RoutingChanged.
    """
    draft = _draft(version, revision)
    book = parse(rules)
    _refuse_unknown_locations(book)
    document, note = document_of(book), " ".join(note.split())[:200]
    if (document, note) == (draft.rules, draft.note):
        return draft
    draft.status = ROUTING_VERSION.after("change", draft.status)
    is_new = document != draft.rules
    draft.rules, draft.note = document, note
    draft.revision += 1 if is_new else 0
    draft.changed_by, draft.changed_at = str(by), at
    draft.save(update_fields=["rules", "note", "revision", "changed_by", "changed_at"])
    if is_new:
        publish(
            RoutingChanged(
                thread=THREAD,
                subject=str(draft),
                by=by,
                at=at,
                version=version,
                revision=draft.revision,
            )
        )
    return draft


@service
def publish_routing(*, version: int, revision: int, by: Actor, at: datetime) -> RoutingVersion:
    """Have orders find their locations by a draft from now on.

    A back-test of exactly these rules against those that are live has to be there. Other processes
    follow within five seconds.

    Raises: RoutingVersionNotFound, RoutingVersionChanged, RoutingVersionSettled, BackTestNeeded.
    Locks: RoutingVersion.
    Publishes: RoutingPublished.
    """
    _one_at_a_time()
    live = _lock_live()
    draft = _draft(version, revision)
    if back_test_for(draft, live.number if live else 0) is None:
        raise BackTestNeeded(version=version)
    _replace(live)
    draft.status = ROUTING_VERSION.after("publish", draft.status)
    draft.published_by, draft.published_at = str(by), at
    draft.replaces = live.number if live else 0
    draft.save(update_fields=["status", "published_by", "published_at", "replaces"])
    _tell(draft, live, by, at, undoes=False)
    return draft


@service
def undo_routing(*, live: int, by: Actor, at: datetime) -> RoutingVersion:
    """Publish again, as a new version, what counted before the version that is live.

    `live` is the one that was seen: undone twice at once, it is undone once. What counted before
    was tried when it was published, so no back-test is asked for.

    Raises: NothingPublished, RoutingMoved.
    Locks: RoutingVersion.
    Publishes: RoutingPublished.
    """
    _one_at_a_time()
    standing = _lock_live()
    if standing is None:
        raise NothingPublished
    if standing.number != live:
        raise RoutingMoved(live=standing.number)
    number = standing.replaces or 0
    _replace(standing)
    again = RoutingVersion(
        number=_next_number(),
        status=LIVE,
        rules=rules_document(number),
        note=f"Version {number} again" if number else "The built-in rules again",
        based_on=number,
        made_by=str(by),
        made_at=at,
        changed_by=str(by),
        changed_at=at,
        published_by=str(by),
        published_at=at,
        replaces=standing.number,
    )
    again.save(force_insert=True)
    _tell(again, standing, by, at, undoes=True)
    return again


@service
def discard_routing_draft(*, version: int, revision: int, by: Actor, at: datetime) -> None:
    """Put a draft away. It stays to be read.

    Raises: RoutingVersionNotFound, RoutingVersionChanged, RoutingVersionSettled.
    Locks: RoutingVersion.
    Publishes: RoutingDiscarded.
    """
    draft = _draft(version, revision)
    draft.status = ROUTING_VERSION.after("discard", draft.status)
    draft.changed_by, draft.changed_at = str(by), at
    draft.save(update_fields=["status", "changed_by", "changed_at"])
    publish(RoutingDiscarded(thread=THREAD, subject=str(draft), by=by, at=at, version=version))


def _one_at_a_time() -> None:
    sql.run("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])


def _next_number() -> int:
    newest: int | None = RoutingVersion.objects.aggregate(newest=Max("number"))["newest"]
    return (newest or 0) + 1


def _lock_live() -> RoutingVersion | None:
    return next(iter(lock(RoutingVersion.objects.filter(status=LIVE))), None)


def _draft(version: int, revision: int) -> RoutingVersion:
    found = lock_one(
        RoutingVersion.objects.filter(number=version),
        missing=RoutingVersionNotFound(version=version),
    )
    if found.status != RoutingVersionStatus.DRAFT:
        raise RoutingVersionSettled(version=version, status=found.get_status_display().lower())
    if found.revision != revision:
        raise RoutingVersionChanged(version=version, by=found.changed_by.partition(":")[2])
    return found


def _replace(live: RoutingVersion | None) -> None:
    if live is not None:
        live.status = ROUTING_VERSION.after("replace", live.status)
        live.save(update_fields=["status"])


def _tell(
    version: RoutingVersion, replaced: RoutingVersion | None, by: Actor, at: datetime, undoes: bool
) -> None:
    transaction.on_commit(forget_live_rules)
    publish(
        RoutingPublished(
            thread=THREAD,
            subject=str(version),
            by=by,
            at=at,
            version=version.number,
            replaces=replaced.number if replaced else 0,
            undoes=undoes,
        )
    )


def _refuse_unknown_locations(book: RuleBook) -> None:
    """Codes that nothing has are most often misspelled: such a step would never find anything."""
    named = {
        f"/groups/{name}": [each for each in members if not each.startswith(KIND)]
        for name, members in book.groups.items()
    }
    for nth, routing in enumerate(book.routings):
        for step_nth, step in enumerate(routing.steps):
            named[f"/routings/{nth}/steps/{step_nth}/from"] = [
                each
                for each in step.sources
                if each not in book.groups and not each.startswith(KIND)
            ]
    asked = {code for codes in named.values() for code in codes}
    known = set(Location.objects.filter(code__in=asked).values_list("code", flat=True))
    problems = [
        f"{place}: there is no location {code}"
        for place, codes in named.items()
        for code in codes
        if code not in known
    ]
    if problems:
        raise BadRules(problems=problems)
