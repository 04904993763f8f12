"""Several processes let the same person buy: once it is done, the others are told so."""

from functools import partial

import pytest
from django.utils import timezone

from b2b import services
from b2b.models import Buyer
from oms.core.models import EventRecord, User
from tests.b2b.conftest import REP, Office
from tests.concurrency.racing import race

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


@pytest.fixture
def office(world):
    office = Office(world)
    office.company()
    office.company("linden", name="Linden GmbH")
    return office


def invite(email):
    return services.invite_buyer(
        company="vermeer",
        name="Ada Vermeer",
        email=email,
        role="buyer",
        spending_limit=None,
        by=REP,
        at=timezone.now(),
    ).user.username


def add(company):
    return services.add_buyer(
        company=company,
        user="bo",
        role="buyer",
        spending_limit=None,
        by=REP,
        at=timezone.now(),
    ).company.code


def test_an_invitation_sent_many_times_at_once_lets_one_person_in(office):
    outcome = race([partial(invite, "ada@cafe.example") for _ in range(AT_ONCE)])

    assert sorted(outcome) == ["SignInKnown"] * (AT_ONCE - 1) + ["ada@cafe.example"]
    buyer = Buyer.objects.get()
    assert (buyer.user.email, buyer.company.code) == ("ada@cafe.example", "vermeer")
    assert User.objects.filter(email="ada@cafe.example").count() == 1
    assert EventRecord.objects.filter(name="buyer.invited").count() == 1


def test_two_companies_that_let_the_same_person_buy_at_once_get_one_buyer(office, world):
    world.user("bo")

    outcome = race([partial(add, company) for company in ["vermeer", "linden"] * 3])

    assert sorted(outcome)[:-1] == ["AlreadyBuyer"] * 5
    assert Buyer.objects.get().company.code == sorted(outcome)[-1]
