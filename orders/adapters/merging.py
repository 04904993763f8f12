"""Parts that came in any order, as often as they like, and what they say together.

`merged` is a join: commutative, associative, idempotent. So what is known of an order does not
depend on which of its messages came first, or twice.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec

from oms.core.money import ZERO, rounded
from orders.adapters.accounts import once
from orders.adapters.parts import (
    Buyer,
    Cancellation,
    Fulfillment,
    Head,
    Items,
    Part,
    Payment,
    PaymentState,
    Place,
    Refund,
    Report,
    Said,
    Units,
    everything_ordered,
)

Kept = dict[str, dict[str, Any]]
"""Parts as they are kept: `as_of`, `weight`, `digest` and `value` by key."""

KINDS: dict[str, type[Part]] = {
    "head": Head,
    "items": Items,
    "address": Place,
    "billing": Place,
    "buyer": Buyer,
    "payment": Payment,
    "refund": Refund,
    "refunded": Refund,
    "fulfillment": Fulfillment,
    "fulfilled": Fulfillment,
    "said": Said,
    "cancellation": Cancellation,
}
OF_CUSTOMER = ("name", "email", "phone")
PAYMENT_STATES = list(PaymentState)


class UnknownPart(Exception):
    """Raised for a key that no kind of part is kept under."""


def kind_of(key: str) -> str:
    """Return what a key is about: `refund:17` is a refund."""
    kind = key.partition(":")[0]
    if kind not in KINDS:
        raise UnknownPart(key)
    return kind


def merged(kept: Mapping[str, Mapping[str, Any]], report: Report, arrived_at: datetime) -> Kept:
    """Return the parts with those of a report: under each key the later one stands.

    What is left empty of a customer takes nothing back of what was said.
    Two of one moment, as of a channel that counts seconds: the one that says that more has
    happened, else the one with the greater digest.
    """
    result: Kept = {key: dict(part) for key, part in kept.items()}
    as_of = (report.as_of or arrived_at).timestamp()
    for key, part in report.parts.items():
        found = _kept(key, part, as_of)
        known = result.get(key)
        taken, unsaid = _taken(known or {}, part), _unsaid(known or {}, found)
        if known is None or _rank(known) < _rank(found):
            result[key] = found
        result[key] = {k: v for k, v in result[key].items() if k != "unsaid"}
        if taken:
            result[key]["taken"] = taken
        if unsaid:
            result[key]["unsaid"] = unsaid
    return result


def _unsaid(known: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return what was last said of a customer where the words that stand leave it empty, with the
    rank of the words that said it: a channel that says less later takes nothing back."""
    latest: dict[str, list[Any]] = dict(known.get("unsaid", {}))
    said = sorted((each for each in (known, found) if each), key=_rank)
    for each in said:
        for name, text in _of_customer(each["value"]).items():
            if text:
                latest[name] = max(latest.get(name, []), [*_rank(each), text])
    stands = _of_customer(said[-1]["value"])
    return {name: each for name, each in latest.items() if not stands[name]}


def _of_customer(value: Mapping[str, Any]) -> dict[str, str]:
    customer = value.get("customer")
    return {name: customer[name] for name in OF_CUSTOMER} if customer else {}


def _taken(known: Mapping[str, Any], part: Part) -> dict[str, str]:
    """Return the most that was ever said to have come in, by currency: money that came in goes
    back as a refund, and not because less is stated later."""
    most: dict[str, str] = dict(known.get("taken", {}))
    if isinstance(part, Head) and part.captured:
        so_far = Decimal(most.get(part.currency, 0))
        most[part.currency] = str(max(so_far, part.captured).normalize())
    return most


def _rank(part: Mapping[str, Any]) -> tuple[Any, ...]:
    return (part["as_of"], part["weight"], part["digest"])


def _kept(key: str, part: Part, as_of: float) -> dict[str, Any]:
    expected = KINDS[kind_of(key)]
    if not isinstance(part, expected):
        raise UnknownPart(f"{key} is no {type(part).__name__}")
    value = msgspec.to_builtins(part)
    return {
        "as_of": as_of,
        "weight": _weight(part),
        "digest": digest(value),
        "value": value,
    }


def digest(value: Any) -> str:
    """Return what tells this value from every other."""
    said = json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _weight(part: Part) -> list[int]:
    """How much has happened, for parts that say it: a payment is captured after it was set
    aside, a parcel delivered after it left."""
    if isinstance(part, Payment):
        return [PAYMENT_STATES.index(part.state)]
    if isinstance(part, Fulfillment):
        return [int(part.is_cancelled), int(part.is_delivered), len(part.tracking_numbers)]
    if isinstance(part, Head):
        money = ((part.captured or ZERO), (part.authorized or ZERO))
        return [*(int(amount * 1000) for amount in money), int(part.is_ready)]
    return []


@dataclass(frozen=True)
class Told:
    """All that a channel has said of one order, in its latest words.

    Words and charges that came apart from the head and the items they are about are with them.
    `fulfilled` are the units that the channel counts as sent in all, ours among them; `as_of` is
    when the head was so.
    """

    head: Head | None = None
    items: Items | None = None
    places: Mapping[str, Place] = field(default_factory=dict)
    billing: Place | None = None
    buyer: Buyer | None = None
    payments: Mapping[str, Payment] = field(default_factory=dict)
    refunds: Mapping[str, Refund] = field(default_factory=dict)
    fulfillments: Mapping[str, Fulfillment] = field(default_factory=dict)
    cancellations: Mapping[str, Cancellation] = field(default_factory=dict)
    fulfilled: Fulfillment | None = None
    as_of: datetime | None = None

    @property
    def captured(self) -> Decimal | None:
        """What the channel says was captured in all."""
        if self.payments:
            taken = (p for p in self.payments.values() if p.state == PaymentState.CAPTURED)
            return sum((payment.amount for payment in taken), ZERO)
        return self.head.captured if self.head else None

    @property
    def is_called_off(self) -> bool:
        """Whether nothing of the order is wanted any more."""
        return any(each.units is None and not each.is_asked for each in self.cancellations.values())

    def cancelled(self) -> dict[str, int]:
        """Return the units that are not wanted any more, by item."""
        ordered = {item.key: item.quantity for item in self.items.items} if self.items else {}
        if self.is_called_off:
            return ordered
        told = (each.units or () for each in self.cancellations.values() if not each.is_asked)
        found = summed(told)
        return {key: min(units, ordered.get(key, units)) for key, units in found.items()}

    def lacking(self, *, is_patient: bool) -> list[str]:
        """Return the keys of what has to come before anything can be done."""
        found = [key for key, part in (("head", self.head), ("items", self.items)) if part is None]
        if self.head is not None and is_patient:
            known = {"items", *self.places, *(("buyer",) if self.buyer else ())}
            known |= {"billing"} if self.billing else set()
            found += [key for key in self.head.awaits if key not in known | set(found)]
        return found


def summed(told: Iterable[Iterable[Units]]) -> dict[str, int]:
    """Return units by item."""
    found: dict[str, int] = {}
    for units in told:
        for each in units:
            found[each.key] = found.get(each.key, 0) + each.quantity
    return found


def told(kept: Mapping[str, Mapping[str, Any]]) -> Told:
    """Return what the parts say, typed."""
    groups: dict[str, dict[str, Any]] = {}
    for key in sorted(kept):
        kind = kind_of(key)
        value = msgspec.convert(_with_unsaid(kept[key]), KINDS[kind], strict=False)
        groups.setdefault(kind, {})[key] = value
    apart: dict[str, Said] = groups.get("said", {})
    items = everything_ordered(groups.get("items", {}))
    head = _complete(groups.get("head", {}).get("head"), items, apart.values())

    def only(kind: str) -> Any:
        return groups.get(kind, {}).get(kind)

    head, payments = _counted_once(_with_taken(head, kept), groups.get("payment", {}))
    return Told(
        head=head,
        items=_with_words(items, apart.values()),
        places=groups.get("address", {}),
        billing=only("billing"),
        buyer=only("buyer"),
        payments=payments,
        refunds=_refunds(head, groups.get("refund", {}), only("refunded")),
        fulfillments=groups.get("fulfillment", {}),
        cancellations=groups.get("cancellation", {}),
        fulfilled=only("fulfilled"),
        as_of=datetime.fromtimestamp(kept["head"]["as_of"], UTC) if "head" in kept else None,
    )


def _with_unsaid(part: Mapping[str, Any]) -> Mapping[str, Any]:
    value: Mapping[str, Any] = part["value"]
    if "unsaid" not in part:
        return value
    said = {name: text for name, [*_, text] in part["unsaid"].items()}
    return {**value, "customer": {**value["customer"], **said}}


def _with_taken(head: Head | None, kept: Mapping[str, Mapping[str, Any]]) -> Head | None:
    if head is None or head.captured is None:
        return head
    most = Decimal(kept["head"].get("taken", {}).get(head.currency, 0))
    return replace(head, captured=max(head.captured, most))


def _counted_once(
    head: Head | None, payments: Mapping[str, Payment]
) -> tuple[Head | None, Mapping[str, Payment]]:
    """Return a head that counts payments told apart, where it states what came in all in all.

    They are within that sum, and not beside it; more of them than it says is news of after it.
    """
    if head is None or head.captured is None:
        return head, payments
    ours = [each for each in payments.values() if each.currency == head.currency]
    taken = _sum(each for each in ours if each.state == PaymentState.CAPTURED)
    aside = _sum(each for each in ours if each.state == PaymentState.AUTHORIZED)
    more = max(taken - head.captured, ZERO)
    authorized = max((head.authorized or ZERO) - more, aside - head.captured - more, ZERO)
    return replace(head, captured=head.captured + more, authorized=authorized), {}


def _sum(payments: Iterable[Payment]) -> Decimal:
    return sum((each.amount for each in payments), ZERO)


def _refunds(
    head: Head | None, each: Mapping[str, Refund], summed: Refund | None
) -> dict[str, Refund]:
    """Return refunds in the order's currency, where they name none, and what they come to in all
    only as far as they do not tell of it themselves."""
    found = {
        key: refund if refund.currency or head is None else _in_currency(refund, head.currency)
        for key, refund in each.items()
    }
    found = once(found)
    told_apart = sum((refund.amount for refund in found.values()), ZERO)
    if summed is not None and summed.amount > told_apart:
        found["refunded"] = summed
    return found


def _in_currency(refund: Refund, code: str) -> Refund:
    return replace(refund, currency=code, amount=rounded(refund.amount, code))


def _complete(head: Head | None, items: Items | None, apart: Iterable[Said]) -> Head | None:
    """Return the head with what was told apart from it: charges for sending, words, and that
    something about the order is not decided yet."""
    if head is None:
        return None
    about = [each for each in apart if not each.of]
    words = [f"{name}: {said}" for each in about for name, said in each.words.items()]
    return replace(
        head,
        shipping_amount=head.shipping_amount + (items.shipping_amount if items else ZERO),
        shipping_tax=head.shipping_tax + (items.shipping_tax if items else ZERO),
        notes="\n".join(filter(None, [head.notes, *words])),
        is_ready=head.is_ready and not any(each.waits for each in apart),
    )


def _with_words(items: Items | None, apart: Iterable[Said]) -> Items | None:
    if items is None:
        return None
    found: dict[str, dict[str, str]] = {}
    for each in apart:
        found.setdefault(each.of, {}).update(each.words)
    return replace(
        items,
        items=tuple(
            replace(item, said={**item.said, **found[item.key]}) if item.key in found else item
            for item in items.items
        ),
    )


def keys_of(reports: Iterable[Report]) -> set[str]:
    """Return the channel's ids of the orders that reports are about."""
    return {report.order for report in reports}
