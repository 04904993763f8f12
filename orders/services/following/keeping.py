"""What a channel says of an order, kept, and ours brought in step with it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from oms.channels.models import Channel
from oms.channels.principals import ChannelPrincipal
from oms.core import sql
from oms.core.actors import Actor
from oms.core.errors import Refusal, Unavailable
from oms.core.locking import lock, lock_one
from oms.core.services import service
from orders.adapters.merging import Told, merged, told
from orders.adapters.messages import Arrival
from orders.adapters.parts import Report
from orders.errors import ChannelOrderNotFound, NothingToAccept
from orders.models import ChannelOrder, Counterpart, Order
from orders.selectors.naming import known_items
from orders.services.following.acts import Act, Trouble
from orders.services.following.carrying_out import Setting, carry_out
from orders.services.following.planning import plan
from orders.services.following.standing import book_of, order_now
from orders.services.following.wanting import wanted_of, words_of
from orders.states import ChannelOrderState

PATIENCE = timedelta(minutes=30)
"""How long what comes apart is waited for."""
MOST_STEPS = 200
SOONEST, LATEST = timedelta(minutes=15), timedelta(days=1)
"""When what could not be carried out is tried again: the longer nothing came, the later."""

OPEN = """
INSERT INTO orders_channelorder
    (channel_id, external_id, name, said_state, state, parts, missing, problems, followed, accepted,
     last_message, first_heard_at, last_heard_at)
VALUES (%s, %s, '', '', 'waiting', '{}', '[]', '[]', '{}', '{}', '', %s, %s)
ON CONFLICT (external_id, channel_id) DO NOTHING
"""


@dataclass(frozen=True)
class Problem:
    """What could not be carried out: what it was about, which words of the channel, and why."""

    key: str
    words: str
    code: str
    says: str


def take_in(*, channel: ChannelPrincipal, reports: Sequence[Report], message: Arrival) -> None:
    """Take in what a message says of orders, and bring ours in step with it.

    Taken in twice, in another order or by two at once, all ends the same. A report without a time
    counts as of the moment its message came. What cannot be carried out stays with the channel's
    order as its problems and is no error.

    Raises: Busy, UnknownPart for parts under keys of another kind.
    Locks: ChannelOrder, and what carrying out locks.
    Publishes: what carrying out publishes.
    """
    for report in sorted(reports, key=lambda report: report.order):
        pk = _keep(channel_id=channel.pk, report=report, message=message)
        _follow(pk, channel.slug)


def follow(*, channel: str, external_id: str) -> ChannelOrder:
    """Try once more to bring our order in step with what its channel has said of it.

    Raises: ChannelOrderNotFound, Busy.
    Locks: ChannelOrder, and what carrying out locks.
    Publishes: what carrying out publishes.
    """
    kept = ChannelOrder.objects.filter(channel__slug=channel, external_id=external_id).first()
    if kept is None:
        raise ChannelOrderNotFound(external_id=external_id)
    _follow(kept.pk, channel)
    kept.refresh_from_db()
    return kept


def follow_due(*, at: datetime, most: int) -> int:
    """Follow channels where it is time: what came apart was waited for long enough, or something
    could not be carried out a while ago. Return how many were due.

    Raises: Busy.
    Locks: ChannelOrder, and what carrying out locks.
    Publishes: what carrying out publishes.
    """
    due = ChannelOrder.objects.filter(due_at__lte=at).order_by("due_at")
    rows = list(due.values_list("pk", "channel__slug")[:most])
    for pk, slug in rows:
        _follow(pk, slug)
    return len(rows)


@service
def accept_difference(*, channel: str, external_id: str, key: str, by: Actor) -> ChannelOrder:
    """Leave our order as it is where it is behind its channel, until the channel says more.

    Raises: ChannelOrderNotFound, NothingToAccept.
    Locks: ChannelOrder.
    Publishes: nothing.
    """
    kept = lock_one(
        ChannelOrder.objects.filter(channel__slug=channel, external_id=external_id),
        missing=ChannelOrderNotFound(external_id=external_id),
    )
    found = [each for each in kept.problems if each["key"] == key]
    if not found:
        raise NothingToAccept(external_id=external_id, key=key)
    kept.accepted[key] = found[0]["words"]
    if kept.order_id and not kept.missing:
        said = words_of(told(kept.parts))
        again = {"items": ("items", "charges")}.get(key, (key,))
        kept.followed.update({each: said[each] for each in again if each in said})
    kept.problems = [each for each in kept.problems if each["key"] != key]
    if not kept.problems:
        kept.state, kept.due_at = ChannelOrderState.IN_STEP, None
    kept.save(update_fields=["accepted", "followed", "problems", "state", "due_at"])
    return kept


@service
def _keep(*, channel_id: int, report: Report, message: Arrival) -> int:
    """Merge what a report says into what is known of its order."""
    at = message.received_at
    sql.run(OPEN, [channel_id, report.order, at, at])
    kept = lock_one(
        ChannelOrder.objects.filter(channel_id=channel_id, external_id=report.order),
        missing=ChannelOrderNotFound(external_id=report.order),
    )
    kept.parts = merged(kept.parts, report, at)
    kept.first_heard_at = min(kept.first_heard_at, at)
    kept.last_heard_at = max(kept.last_heard_at, at)
    kept.last_message = message.number
    kept.save(update_fields=["parts", "first_heard_at", "last_heard_at", "last_message"])
    return int(kept.pk)


def _follow(pk: int, slug: str) -> None:
    failed: dict[str, Problem] = {}
    done: set[str] = set()
    by = Actor.channel(slug)
    for _ in range(MOST_STEPS):
        if _step(pk=pk, by=by, failed=failed, done=done, at=timezone.now()):
            return
    raise RuntimeError(f"Following {pk} does not come to an end.")


@service
def _step(*, pk: int, by: Actor, failed: dict[str, Problem], done: set[str], at: datetime) -> bool:
    """Do the next thing; True when there is none left. A transaction each: what takes stock is the
    last that its transaction locks."""
    kept = lock_one(ChannelOrder.objects.filter(pk=pk), missing=ChannelOrderNotFound(str(pk)))
    said = told(kept.parts)
    if said.head:
        kept.name, kept.said_state = said.head.name[:100], said.head.state[:100]
    is_patient = at < kept.first_heard_at + PATIENCE
    kept.missing = said.lacking(is_patient=is_patient)
    if kept.missing and kept.order_id is None:
        can_be_done = not said.lacking(is_patient=False)
        kept.due_at = kept.first_heard_at + PATIENCE if can_be_done else None
        kept.state = ChannelOrderState.WAITING
        kept.save()
        return True
    kept.missing, kept.due_at = [], None
    if kept.order_id is None:
        _adopt_known(kept, said)
    setting = _setting(kept, said, by, at)
    acts = _acts(setting, failed)
    while acts and isinstance(acts[0], Trouble):
        trouble = acts[0]
        failed[trouble.key] = Problem(trouble.key, trouble.words, trouble.code, trouble.says)
        acts = _acts(setting, failed)
    if not acts:
        _settle(kept, failed, at)
        return True
    _try(acts[0], setting, failed, done)
    kept.save()
    return False


def _setting(kept: ChannelOrder, said: Told, by: Actor, at: datetime) -> Setting:
    channel = Channel.objects.get(pk=kept.channel_id)
    return Setting(
        kept=kept,
        told=said,
        channel=channel,
        skus=known_items(channel.pk, wanted_of(said).items),
        awaits_payment=channel.hold_until_paid,
        by=by,
        at=at,
    )


def _acts(setting: Setting, failed: dict[str, Problem]) -> list[Act]:
    kept = setting.kept
    book = book_of(kept, failed, setting.channel.live_since)
    return plan(
        setting.told,
        order_now(_locked(kept.order_id), book) if kept.order_id else None,
        book,
        channel=setting.channel.name,
        known_skus=setting.skus,
        awaits_payment=setting.awaits_payment,
    )


def _locked(pk: int) -> Order:
    """Our order, locked before it is looked at: nobody changes it until one thing is done."""
    [order] = lock(Order.objects.filter(pk=pk))
    return order


def _try(act: Act, setting: Setting, failed: dict[str, Problem], done: set[str]) -> None:
    """Do one thing, or put down why it cannot be done."""
    mark = repr(act)
    if mark in done:
        failed[act.key] = Problem(act.key, act.words, "no_effect", "Nothing came of it.")
        return
    done.add(mark)
    followed = dict(setting.kept.followed)
    try:
        with transaction.atomic():
            carry_out(act, setting)
    except Unavailable:
        raise
    except Refusal as refusal:
        setting.kept.followed = followed
        failed[act.key] = Problem(act.key, act.words, refusal.code, str(refusal))


def _adopt_known(kept: ChannelOrder, said: Told) -> None:
    """An order that came another way before: it stands as it is."""
    known = Order.objects.filter(channel_id=kept.channel_id, external_id=kept.external_id).first()
    if known is not None:
        kept.order = known
        kept.followed = {**kept.followed, **words_of(said)}


def _settle(kept: ChannelOrder, failed: dict[str, Problem], at: datetime) -> None:
    kept.problems = [asdict(each) for each in failed.values()]
    kept.state = ChannelOrderState.BEHIND if failed else ChannelOrderState.IN_STEP
    kept.followed_at = at
    waited = at - kept.last_heard_at
    kept.due_at = at + min(max(waited, SOONEST), LATEST) if failed else None
    kept.save()


@service
def know_counterpart(
    *, order_id: int, kind: str, external_id: str, document: str, at: datetime
) -> None:
    """Put down what the channel of an order calls a document of ours, so that we know it when it
    comes back: `kind` and `external_id` make the key of its part (`refund`, `17`). For orders that
    no channel's message told of nothing is put down.

    Raises: nothing.
    Locks: nothing.
    Publishes: nothing.
    """
    kept = ChannelOrder.objects.filter(order_id=order_id).first()
    if kept is not None:
        Counterpart.objects.get_or_create(
            channel_order=kept,
            kind=kind,
            external_id=external_id,
            defaults={"document": document, "made_at": at},
        )
