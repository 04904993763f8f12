"""People and channels are called by their names, not by what they sign in with."""

import pytest

from oms.channels.naming import actor_name, person_name
from oms.core.actors import Actor
from orders.services import hold_order


@pytest.fixture
def known(world):
    sam = world.user("sam", "support")
    sam.first_name, sam.last_name = "Sam", "Okafor"
    sam.save()
    world.user("kim", "warehouse")
    world.channel("tea-house", name="Tea House web shop")


@pytest.mark.parametrize(
    ("actor", "name"),
    [
        ("user:sam", "Sam Okafor"),
        ("user:kim", "kim"),
        ("user:gone", "gone"),
        ("channel:tea-house", "Tea House web shop"),
        ("system:oms", "the system"),
        ("customer:SO-1", "the customer"),
        ("supplier:leaf", "leaf"),
        ("odd", "odd"),
    ],
)
def test_an_actor_is_called_by_name(known, actor, name):
    assert actor_name(actor) == name


def test_the_names_of_many_take_one_query(known, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert [actor_name("user:sam"), person_name("sam"), actor_name("channel:tea-house")] == [
            "Sam Okafor",
            "Sam Okafor",
            "Tea House web shop",
        ]


def test_the_story_of_a_hold_names_who_set_it(known, world):
    order = world.place(tea=1)
    hold_order(number=order.number, kind="payment", reason="", by=Actor("user", "sam"))

    page = world.browser(world.user("robin", "support")).get(f"/orders/{order.number}/")

    assert "Sam Okafor" in page.text
