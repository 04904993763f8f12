"""Finding orders by what people know of them."""

import pytest

from oms.core import sql
from orders import selectors


@pytest.fixture
def three(world):
    first = world.place("W-1", tea=1)
    second = world.place("W-2", tea=1, fields={"customer": {"name": "Ines Corvo"}})
    third = world.place(
        "W-3",
        tea=1,
        fields={"customer": {"name": "Sam Ferro", "email": "Sam@Example.com"}},
    )
    return first, second, third


def found(search):
    orders = selectors.matching(selectors.order_list(), search)
    return list(orders.order_by("id").values_list("external_id", flat=True))


def test_orders_are_found_by_number_and_by_how_it_begins(three):
    number = three[1].number

    assert found(number) == ["W-2"]
    assert found(number.lower()) == ["W-2"]
    assert found(number.removeprefix("SO-")) == ["W-2"]
    assert found("SO-1") == ["W-1", "W-2", "W-3"]


def test_orders_are_found_by_the_channels_own_number_email_and_name(three):
    assert found("W-2") == ["W-2"]
    assert found("robin@example.com") == ["W-1"]
    assert found("ines") == ["W-2"]
    assert found("Sam Fe") == ["W-3"]


def test_orders_are_found_by_the_last_word_of_a_name_too(world, three):
    world.place("W-4", tea=1, fields={"customer": {"name": "Wim de Corvo"}})

    assert found("corvo") == ["W-2", "W-4"]
    assert found("Cor") == ["W-2", "W-4"]
    assert found("de corvo") == ["W-4"]
    assert found("robin corvo") == []
    assert found("orvo") == []
    assert found("Co") == []


def test_signs_that_mean_something_to_the_database_mean_nothing_here(three):
    assert found("%%%") == []
    assert found("SO-_____") == []
    assert found("\\") == []


@pytest.mark.parametrize("search", ["SO-10", "W-2", "robin@example.com", "ines", "corvo"])
def test_every_way_of_finding_has_an_index(three, search, monkeypatch):
    """With sequential scans priced out, none is left in the plan: each part has its index."""
    sql.run("SET LOCAL enable_seqscan = off")
    monkeypatch.setattr(selectors.finding, "FOUND", f"EXPLAIN {selectors.finding.FOUND}")

    plan = "\n".join(selectors.finding._keys(search, 10))

    assert "Seq Scan" not in plan, plan


def test_the_palette_finds_orders_for_those_who_may_see_them(world, three):
    first = three[0]

    [seen] = selectors.find("W-1", world.user("kim", role="support"))

    assert (seen.label, seen.detail) == (first.number, "Robin Vale, open")
    assert seen.url == f"/orders/{first.number}/"
    assert selectors.find("W-1", world.user("nobody")) == []


def test_open_orders_are_counted(world, three):
    assert selectors.open_count(world.user("sam", role="support"), ()) == 3
    assert selectors.open_count(world.user("kim", role="warehouse"), ()) is None


def test_money_taken_apart_adds_up_to_the_total(world):
    order = world.place(
        "W-9",
        tea=3,
        fields={
            "lines": [
                {
                    "sku": "tea",
                    "quantity": 3,
                    "unit_price": "10.00",
                    "discount": "2.00",
                    "tax": "5.88",
                }
            ],
            "shipping": {"method": "standard", "amount": "4.95", "tax": "1.04"},
            "discount": "1.00",
        },
    )

    money = selectors.order_page(order.number, world.user("sam", role="support")).money

    assert (str(money.goods), str(money.discount)) == ("30.000", "3.000")
    assert (str(money.shipping), str(money.tax)) == ("4.950", "6.920")
    total = money.goods - money.discount + money.shipping + money.tax
    assert total == order.total_amount


def test_who_works_at_one_location_sees_the_orders_with_work_there(world):
    world.stock("tea", rotterdam=5)
    world.stock("cup", newark=5)
    here, there = world.place(tea=1), world.place(cup=1)
    kim = world.user("kim", role="warehouse", at=["rotterdam"])
    sam = world.user("sam", role="support")

    assert list(selectors.orders_of(kim)) == [here]
    assert set(selectors.orders_of(sam)) == {here, there}
    assert selectors.find(there.number, kim) == []
    browser = world.browser(kim)
    assert browser.get(f"/orders/{there.number}/").status_code == 404
    assert browser.get(f"/orders/{here.number}/").status_code == 200
