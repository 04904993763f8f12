from datetime import datetime
from decimal import Decimal

from b2b.errors import CompanyNotFound, CreditLimitExceeded, NoCreditHold
from b2b.events import CreditLimitSet
from b2b.models import CreditAccount
from b2b.selectors import held_for_credit
from b2b.services.exposure import CREDIT, enter, lock_account_of, reserved_for, restate, to_reserve
from b2b.services.follow_up import look_for_room
from b2b.services.found import company_by
from b2b.states import CreditKind
from oms.core.actors import SYSTEM, Actor
from oms.core.events import publish
from oms.core.locking import lock_one
from oms.core.money import text
from oms.core.services import service
from orders import services as orders
from orders.errors import NotHeld
from orders.events import OrderPlaced
from orders.models import Hold, Order


@service
def set_credit_limit(
    *,
    company: str,
    limit: Decimal | None,
    is_blocked: bool,
    reason: str,
    by: Actor,
    at: datetime,
) -> CreditAccount:
    """Say how much a company may owe (None: anything), and whether every order waits.

    Orders that are held and fit now go on by themselves.

    Raises: CompanyNotFound.
    Locks: CreditAccount.
    Publishes: CreditLimitSet.
    """
    found = company_by(company)
    account = lock_one(
        CreditAccount.objects.filter(company=found), missing=CompanyNotFound(company=company)
    )
    before = account.limit_amount
    account.limit_amount, account.is_blocked = limit, is_blocked
    account.save(update_fields=["limit_amount", "is_blocked"])
    publish(
        CreditLimitSet(
            thread=company,
            subject=company,
            by=by,
            at=at,
            before=_text(before, account),
            after=_text(limit, account),
            currency=account.currency,
            is_blocked=is_blocked,
            reason=reason,
        )
    )
    look_for_room(company=company, at=at)
    return account


def _text(amount: Decimal | None, account: CreditAccount) -> str:
    return "" if amount is None else text(amount, account.currency)


@service
def reserve_or_hold(*, placed: OrderPlaced) -> None:
    """Reserve a company's new order on its credit, or hold it when there is no room for it.

    Raises: nothing.
    Locks: CreditAccount.
    Publishes: OrderHeld.
    """
    order = placed.order
    account = lock_account_of(order.customer_id)
    if account is None:
        return
    if account.has_room_for(order.total_amount):
        enter(
            account,
            order,
            CreditKind.RESERVE,
            reserved=order.total_amount,
            reference=order.number,
            by=placed.by,
            at=placed.at,
        )
    else:
        orders.hold_new_order(
            placed=placed, kind=CREDIT, reason=_why(account, order.total_amount), by=SYSTEM
        )


def _why(account: CreditAccount, amount: Decimal) -> str:
    if account.is_blocked:
        return "The company's credit is blocked"
    room = max(account.room_amount or Decimal(0), Decimal(0))
    currency = account.currency
    return (
        f"{text(amount, currency)} {currency} over {text(room, currency)} {currency} of credit left"
    )


@service
def reserve_released(*, order: Order, by: Actor, at: datetime) -> None:
    """Reserve an order whose credit hold was just released; the order is locked.

    A person may release beyond the limit; the system only what fits.

    Raises: CreditLimitExceeded.
    Locks: CreditAccount.
    Publishes: nothing.
    """
    account = lock_account_of(order.customer_id)
    if account is None:
        return
    target = to_reserve(order)
    more = target - reserved_for(account, order)
    if by == SYSTEM and not account.has_room_for(more):
        raise _exceeded(account, more)
    restate(account, order, target, by, at)


@service
def restate_credit(*, order: Order, by: Actor, at: datetime) -> None:
    """Bring what a locked order reserves in line with what it costs now.

    An order that became dearer than the company has credit for is refused its change.

    Raises: CreditLimitExceeded.
    Locks: CreditAccount.
    Publishes: nothing.
    """
    account = lock_account_of(order.customer_id)
    if account is None:
        return
    target = to_reserve(order)
    more = target - reserved_for(account, order)
    if more > 0 and not account.has_room_for(more):
        raise _exceeded(account, more)
    restate(account, order, target, by, at)
    if more < 0:
        look_for_room(company=account.company.code, at=at)


def _exceeded(account: CreditAccount, amount: Decimal) -> CreditLimitExceeded:
    room = max(account.room_amount or Decimal(0), Decimal(0))
    return CreditLimitExceeded(
        company=account.company.code,
        amount=text(amount, account.currency),
        room=text(room, account.currency),
        currency=account.currency,
    )


@service
def release_credit_hold(*, order: str, reason: str, by: Actor, at: datetime) -> Hold:
    """Let an order go on although it does not fit under the limit; who and why is kept.

    Raises: NoCreditHold, OrderNotFound, TransitionNotAllowed.
    Locks: Order, CreditAccount, FulfillmentOrder, StockLevel.
    Publishes: OrderReleased.
    """
    try:
        return orders.release_hold(number=order, kind=CREDIT, by=by, reason=reason)
    except NotHeld:
        raise NoCreditHold(number=order) from None


def release_what_fits(*, company: str) -> list[str]:
    """Release the company's held orders that fit under the limit by now, the oldest first.

    Each in a transaction of its own; returns the numbers of those that go on.

    Raises: CompanyNotFound.
    """
    released = []
    for order in held_for_credit(company_by(company)):
        try:
            orders.release_hold(
                number=order.number, kind=CREDIT, by=SYSTEM, reason="It fits under the limit now"
            )
        except (CreditLimitExceeded, NotHeld):
            continue
        released.append(order.number)
    return released
