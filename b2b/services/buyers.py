from datetime import datetime
from decimal import Decimal
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db.models import Q

from b2b.errors import AlreadyBuyer, NoSuchUser, SignInKnown
from b2b.events import BuyerInvited, CompanyChanged
from b2b.models import Buyer
from b2b.services.found import company_by, user_by
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.models import User
from oms.core.services import service

UNCHANGED: Final = Decimal("NaN")
"""Stands for a limit that the caller says nothing about; None means without limit."""


@service
def add_buyer(
    *,
    company: str,
    user: str,
    role: str,
    spending_limit: Decimal | None,
    by: Actor,
    at: datetime,
) -> Buyer:
    """Let a person buy for a company, up to a limit above which someone else has to agree.

    Raises: CompanyNotFound, NoSuchUser, AlreadyBuyer.
    Locks: nothing.
    Publishes: CompanyChanged.
    """
    person = user_by(user)
    said = {
        "company": company_by(company),
        "role": role,
        "spending_limit_amount": spending_limit,
    }
    buyer, is_new = Buyer.objects.get_or_create(user=person, defaults=said)
    if not is_new:
        raise AlreadyBuyer(user=user, company=buyer.company.code)
    publish(CompanyChanged(thread=company, subject=company, by=by, at=at, fields=["buyers"]))
    return buyer


@service
def change_buyer(
    *,
    user: str,
    by: Actor,
    at: datetime,
    role: str | None = None,
    spending_limit: Decimal | None = UNCHANGED,
    is_active: bool | None = None,
) -> Buyer:
    """Change what a person may do for his or her company.

    Raises: NoSuchUser.
    Locks: nothing.
    Publishes: CompanyChanged.
    """
    buyer = Buyer.objects.select_related("company").filter(user__username=user).first()
    if buyer is None:
        raise NoSuchUser(user=user)
    buyer.role = buyer.role if role is None else role
    buyer.is_active = buyer.is_active if is_active is None else is_active
    if spending_limit is None or not spending_limit.is_nan():
        buyer.spending_limit_amount = spending_limit
    buyer.save(update_fields=["role", "is_active", "spending_limit_amount"])
    code = buyer.company.code
    publish(CompanyChanged(thread=code, subject=code, by=by, at=at, fields=["buyers"]))
    return buyer


@service
def invite_buyer(
    *,
    company: str,
    name: str,
    email: str,
    role: str,
    spending_limit: Decimal | None,
    by: Actor,
    at: datetime,
) -> Buyer:
    """Let somebody buy for a company who has no sign-in yet; a letter lets them choose a password.

    The e-mail address is what they sign in with.

    Raises: CompanyNotFound, SignInKnown.
    Locks: nothing.
    Publishes: CompanyChanged, BuyerInvited.
    """
    address = email.lower()
    if User.objects.filter(Q(username__iexact=address) | Q(email__iexact=address)).exists():
        raise SignInKnown(email=email)
    first, _, last = name.strip().partition(" ")
    said = {
        "email": address,
        "first_name": first,
        "last_name": last.strip(),
        "password": make_password(None),
    }
    _person, is_new = User.objects.get_or_create(username=address, defaults=said)
    if not is_new:
        raise SignInKnown(email=email)
    buyer = add_buyer(
        company=company, user=address, role=role, spending_limit=spending_limit, by=by, at=at
    )
    publish(BuyerInvited(thread=company, subject=company, by=by, at=at, user=address))
    return buyer


@service
def remind_buyer(*, user: str, by: Actor, at: datetime) -> Buyer:
    """Write once more to somebody who was invited and has not chosen a password yet.

    Raises: NoSuchUser.
    Locks: nothing.
    Publishes: BuyerInvited.
    """
    buyer = Buyer.objects.select_related("company", "user").filter(user__username=user).first()
    if buyer is None or buyer.user.has_usable_password():
        raise NoSuchUser(user=user)
    code = buyer.company.code
    publish(BuyerInvited(thread=code, subject=code, by=by, at=at, user=user))
    return buyer
