"""The lists of intake cost at a million rows what they cost at ten: each filter has its index."""

import pytest
from django.utils import timezone

from oms.channels.selectors.messages import message_list
from oms.core import sql
from oms.customers import selectors as customers
from orders.selectors import following
from orders.selectors.people import people

pytestmark = pytest.mark.django_db

MESSAGES = ("-received_at", "-id")
LISTS = {
    "messages": lambda: message_list().order_by(*MESSAGES),
    "messages of a channel": lambda: message_list(channel="shop").order_by(*MESSAGES),
    "messages of a topic": lambda: message_list(topic="orders/create").order_by(*MESSAGES),
    "messages in a state": lambda: message_list(state="quarantined").order_by(*MESSAGES),
    "what lies aside of a channel": lambda: message_list(
        channel="shop", state="quarantined"
    ).order_by(*MESSAGES),
    "messages since": lambda: message_list(since=timezone.now()).order_by(*MESSAGES),
    "channel SKUs": lambda: following.channel_skus().order_by("-kept_at", "-id"),
    "channel SKUs of one": lambda: following.channel_skus(channel="shop").order_by(
        "-kept_at", "-id"
    ),
    "behind": lambda: following.channel_orders_behind(state="behind").order_by(
        "first_heard_at", "id"
    ),
    "people": lambda: people().order_by("-id"),
    "pairs": lambda: customers.open_matches().order_by("id"),
}
FOUND = {
    "messages of an order": lambda: message_list(order="1001").order_by(*MESSAGES),
    "channel SKUs that begin so": lambda: following.channel_skus(begins="TEA"),
    "not in step": lambda: following.channel_orders_behind().order_by("first_heard_at", "id"),
    "pairs of somebody": lambda: customers.open_matches([7]),
}


def plan_of(rows):
    """The plan with scans and sorts priced out: one that is left has no index instead."""
    sql.run("SET LOCAL enable_seqscan = off")
    sql.run("SET LOCAL enable_sort = off")
    return rows[:51].explain()


@pytest.mark.parametrize("name", LISTS)
def test_a_page_is_read_from_an_index_in_its_order(name):
    plan = plan_of(LISTS[name]())

    assert "Seq Scan on" not in plan.replace("Seq Scan on channels_channel", ""), plan
    assert "Sort" not in plan, plan


@pytest.mark.parametrize("name", FOUND)
def test_what_is_searched_for_is_found_by_an_index(name):
    plan = plan_of(FOUND[name]())

    assert "Seq Scan on" not in plan.replace("Seq Scan on channels_channel", ""), plan


def test_unknown_skus_are_read_from_the_lines_that_lack_one():
    sql.run("SET LOCAL enable_seqscan = off")
    plan = "\n".join(row[0] for row in sql.run(f"EXPLAIN {following.UNKNOWN}", ["", "", 200]))

    assert "line_of_unknown_sku" in plan, plan
