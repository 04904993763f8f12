"""People behind orders: found alike, merged with undo, never a company with anybody."""

import pytest
from django.utils import timezone

from oms.channels.models import Channel
from oms.core.actors import Actor
from oms.core.models import EventRecord
from oms.customers.addresses import Address
from oms.customers.errors import (
    MergeBuiltUpon,
    MergeUndone,
    SamePersonAlready,
    StandsForACompany,
)
from oms.customers.models import Customer, CustomerMatch, CustomerMerge
from oms.customers.rules import Known, are_alike, evidence, phone_key
from oms.customers.services import dismiss_match, merge_customers, undo_merge
from orders.models import Order
from orders.selectors.people import people, person_rows, totals_of_person
from orders.tasks import match_customers

KIM = Actor("user", "kim")


def customer(world, channel, name, **said):
    """Somebody who ordered once on a channel."""
    said = {"name": name, "external_id": f"{channel}-{name}", **said}
    address = {"name": name, "line1": "Lange weg 4", "city": "Gent", "postal_code": "9000"}
    fields = {
        "customer": said,
        "shipping_address": {**address, "country": "BE", **said.pop("at", {})},
    }
    order = world.place(f"{channel}-{name}", channel=channel, tea=1, fields=fields)
    return Customer.objects.get(pk=order.customer_id)


def merge(kept, other):
    return merge_customers(kept=kept.pk, other=other.pk, by=KIM, at=timezone.now())


def stands():
    return dict(Customer.objects.values_list("pk", "same_as"))


def elsewhere(line1):
    return {"at": {"line1": line1}}


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (Known("A", "Jo@Vale.example"), Known("B", "jo@vale.EXAMPLE"), ["email"]),
        (Known("Jo Vale", phone="+32 470 12 34 56"), Known("J. Vale", phone="0470/123456"),
         ["phone"]),
        (Known("Jo Vale", phone="+32 470 12 34 56"), Known("Ann Berg", phone="0470 123456"), []),
        (Known("Jo Vale"), Known("Jo Vale"), []),
        (Known("Zoë Vale"), Known("vale, zoe"), []),
        (Known("", "", "12"), Known("", "", "12"), []),
    ],
)  # fmt: skip
def test_what_speaks_for_one_person(one, other, found):
    assert evidence(one, other) == evidence(other, one) == found


def test_the_same_name_at_the_same_address_is_one_however_it_is_written():
    gent = Address(name="x", line1="Lange Weg 4", city="Gent", postal_code="9000", country="BE")
    same = Address(name="y", line1="lange weg, 4", city="GENT", postal_code="90 00", country="BE")
    other = Address(name="y", line1="lange weg 14", city="Gent", postal_code="9000", country="BE")

    assert evidence(Known("Zoë Vale", places=[gent]), Known("zoe vale", places=[same])) == ["place"]
    assert evidence(Known("Zoë Vale", places=[gent]), Known("zoe vale", places=[other])) == []
    assert evidence(Known("Jo Vale", places=[gent]), Known("Ann Vale", places=[gent])) == []


def test_an_initial_stands_for_a_name_whoever_is_asked_first():
    assert are_alike("J. Weber", "Jonas Weber")
    assert are_alike("Jonas Weber", "J. Weber")
    assert not are_alike("Jonas Weber", "K. Weber")


def test_names_and_numbers_in_other_scripts_are_compared_too():
    assert are_alike("山田 太郎", "太郎 山田")
    assert not are_alike("山田 太郎", "鈴木 一郎")
    assert phone_key("٠١٢٣٤٥٦٧٨٩") == ""


def test_who_looks_alike_is_proposed_once_and_not_again_after_it_was_dismissed(world):
    world.stock("tea", rotterdam=9)
    one = customer(world, "web", "Jo Vale", email="jo@vale.example", **elsewhere("A 1"))
    other = customer(world, "market", "J Vale", email="JO@vale.example", **elsewhere("B 2"))
    customer(world, "market", "Ann Berg", email="ann@berg.example", **elsewhere("C 3"))

    match_customers()

    [match] = CustomerMatch.objects.all()
    assert (match.first_id, match.second_id, match.evidence) == (one.pk, other.pk, ["email"])
    dismiss_match(first=other.pk, second=one.pk, by=KIM, at=timezone.now())
    Customer.objects.update(matched_at=None)
    match_customers()
    match = CustomerMatch.objects.get()
    assert match.state == "dismissed"
    assert set(stands().values()) == {None}


def test_the_same_name_and_address_on_two_channels_is_proposed(world):
    world.stock("tea", rotterdam=9)
    customer(world, "web", "Jo Vale")
    customer(world, "market", "jo vale")

    match_customers()

    assert CustomerMatch.objects.get().evidence == ["place"]


@pytest.mark.parametrize("proven", [["web", "market"], ["web"], []])
def test_only_addresses_that_both_channels_have_proven_join_by_themselves(world, proven):
    world.stock("tea", rotterdam=9)
    one = customer(world, "web", "Jo Vale", email="jo@vale.example", **elsewhere("A 1"))
    other = customer(world, "market", "Jo V", email="jo@Vale.example", **elsewhere("B 2"))
    Channel.objects.filter(slug__in=proven).update(verifies_emails=True)

    match_customers()
    match_customers()

    joined = len(proven) == 2
    assert stands() == {one.pk: None, other.pk: one.pk if joined else None}
    assert CustomerMerge.objects.count() == joined
    assert CustomerMatch.objects.get().state == ("merged" if joined else "open")


def test_merging_changes_no_order_and_undo_restores_exactly(world):
    world.stock("tea", rotterdam=9)
    one, other, third = (customer(world, slug, "Jo Vale") for slug in ("a", "b", "c"))
    orders = list(Order.objects.order_by("pk").values())
    before = stands()

    first = merge(one, other)
    second = merge(third, other)

    assert stands() == {one.pk: third.pk, other.pk: third.pk, third.pk: None}
    with pytest.raises(MergeBuiltUpon) as refused:
        undo_merge(number=first.number, by=KIM, at=timezone.now())
    assert refused.value.later == second.number
    undo_merge(number=second.number, by=KIM, at=timezone.now())
    assert stands() == {one.pk: None, other.pk: one.pk, third.pk: None}
    undo_merge(number=first.number, by=KIM, at=timezone.now())
    assert stands() == before
    with pytest.raises(MergeUndone):
        undo_merge(number=first.number, by=KIM, at=timezone.now())
    assert list(Order.objects.order_by("pk").values()) == orders
    assert EventRecord.objects.filter(name="customers.merge_undone").count() == 2


def test_what_is_one_person_already_is_not_merged_again(world):
    world.stock("tea", rotterdam=9)
    one, other = customer(world, "a", "Jo"), customer(world, "b", "Jo")
    merge(one, other)

    with pytest.raises(SamePersonAlready):
        merge(other, one)
    assert CustomerMerge.objects.count() == 1


def test_what_stands_for_a_company_is_never_one_with_another(world, monkeypatch, settings):
    world.stock("tea", rotterdam=9)
    one, other = customer(world, "a", "Jo"), customer(world, "b", "Jo")
    monkeypatch.setattr("b2b.selectors.customers_of_companies", lambda keys: {other.pk})

    for kept, leaving in ((one, other), (other, one)):
        with pytest.raises(StandsForACompany):
            merge(kept, leaving)
    assert set(stands().values()) == {None}
    assert not CustomerMerge.objects.exists()


def test_facts_about_people_name_nobody(world):
    world.stock("tea", rotterdam=9)
    merge(customer(world, "a", "Jo Vale"), customer(world, "b", "Jo Vale"))

    [fact] = EventRecord.objects.filter(name="customers.merged")

    assert "Vale" not in str(fact.payload)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_finds_by_name_address_and_number_in_constant_queries(
    world, count, django_assert_num_queries
):
    world.stock("tea", rotterdam=9)
    for number in range(count):
        customer(world, f"c{number}", "Jo Vale", email="jo@vale.example", phone="+32 470 12 34 56")

    with django_assert_num_queries(3):
        rows = person_rows(list(people("vale")))

    assert [row.orders for row in rows] == [1] * count
    for said in ("JO@vale.example", "jo v", "0470/12.34.56"):
        assert len(people(said)) == count
    for said in ("100%", "nobody", "_", "12345"):
        assert len(people(said)) == 0


def test_a_person_shows_the_orders_of_all_channels_and_totals_by_currency(world):
    world.stock("tea", rotterdam=9)
    one, other = customer(world, "a", "Jo Vale"), customer(world, "b", "Jo Vale")
    match_customers()
    desk = world.browser(world.user("sam", role="support"))
    page = desk.get(f"/customers/CU-{one.pk}/").content.decode()
    assert "same name and postal address" in page

    asked = {"kept": f"CU-{one.pk}", "other": f"CU-{other.pk}"}
    assert desk.post("/customers/matches/merge/", asked).status_code == 302

    page = desk.get(f"/customers/CU-{one.pk}/").content.decode()
    for order in Order.objects.all():
        assert order.number in page
    assert desk.get(f"/customers/CU-{other.pk}/").status_code == 302
    assert [(each.currency, each.orders) for each in totals_of_person([one.pk, other.pk])] == [
        ("EUR", 2)
    ]
    number = CustomerMerge.objects.get().number
    assert desk.post(f"/customers/merges/{number}/undo/").status_code == 302
    assert set(stands().values()) == {None}
    assert desk.get("/customers/").status_code == 200
    assert desk.get("/customers/matches/").status_code == 200


def test_who_packs_sees_no_customers_and_who_sells_merges_none(world):
    world.stock("tea", rotterdam=9)
    one, other = customer(world, "a", "Jo Vale"), customer(world, "b", "Jo Vale")
    picker = world.browser(world.user("pick", role="warehouse"))
    rep = world.browser(world.user("rep", role="sales"))

    assert picker.get("/customers/").status_code == 403
    assert picker.get(f"/customers/CU-{one.pk}/").status_code == 403
    assert rep.get(f"/customers/CU-{one.pk}/").status_code == 200
    asked = {"kept": f"CU-{one.pk}", "other": f"CU-{other.pk}"}
    assert rep.post("/customers/matches/merge/", asked).status_code == 403
    assert not CustomerMerge.objects.exists()


def test_a_customer_who_changed_is_looked_at_again(world):
    world.stock("tea", rotterdam=9)
    one = customer(world, "a", "Jo Vale")
    match_customers()
    fields = {"customer": {"name": "Jo Vale", "external_id": "a-Jo Vale", "email": "n@e.example"}}
    world.place("again", channel="a", tea=1, fields=fields)

    one.refresh_from_db()

    assert (one.email, one.matched_at) == ("n@e.example", None)


def test_two_people_are_told_apart_whichever_of_their_customers_is_asked(world):
    world.stock("tea", rotterdam=9)
    one, same, other = (customer(world, slug, "Jo Vale") for slug in ("a", "b", "c"))
    match_customers()
    merge(one, same)
    desk = world.browser(world.user("sam", role="support"))
    page = desk.get(f"/customers/CU-{one.pk}/").content.decode()
    assert page.count(f'value="CU-{other.pk}"') == 2

    dismiss_match(first=other.pk, second=one.pk, by=KIM, at=timezone.now())

    assert not CustomerMatch.objects.filter(state="open").exists()
