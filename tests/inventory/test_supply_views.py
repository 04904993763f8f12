"""Buying and goods-in through the pages: who may what, where, and what refusals look like."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory import services
from inventory.models import Receipt, ReplenishmentOrder, StockLevel, Supplier, SupplierSku
from oms.catalog.models import Sku
from oms.core.actors import SYSTEM


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def office(world):
    return world.browser(world.user("pia", role="purchasing"))


@pytest.fixture
def floor(world):
    return world.browser(world.user("lee", role="warehouse", at=["rotterdam"]))


def propose():
    return services.propose_replenishment(by=SYSTEM, at=timezone.now())


# ── Buying ──────────────────────────────────────────────────────────────────────────────────


def test_buying_proposes_edits_approves_and_sends(world, office):
    world.supplier("leaf", tea={"pack_size": 6, "cost": 2, "currency": "EUR"}, cup={})
    world.stock("tea", rotterdam=2)
    world.reorder("tea", point=10, up_to=20)

    answer = office.post("/supply/propose/", follow=True)
    assert "1 proposal is new or changed." in text(answer)
    assert "€36.00" in text(office.get("/supply/?view=proposed"))
    order = ReplenishmentOrder.objects.get()
    page = f"/supply/{order.number}/"
    shown = text(office.get(page))
    assert "2 on hand, 0 reserved, 0 coming, 0 waited for here." in shown
    assert "At 10 or fewer it is filled up to 20: 18 needed, in packs of 6." in shown
    assert "Approve 18 units" in shown

    [line] = order.lines.all()
    form = {f"units-{line.pk}": "24", "add_sku": "cup", "add_quantity": "3", "note": "By truck"}
    office.post(f"{page}edit/", {**form, "version": order.version})
    assert sorted(order.lines.values_list("sku__code", "quantity")) == [("cup", 3), ("tea", 24)]
    assert "€" not in text(office.get("/supply/?view=proposed"))  # nobody knows what a cup costs

    office.post(f"{page}approve/")
    answer = office.post(f"{page}send/", follow=True)
    assert f"{order.number} is on its way to Leaf." in text(answer)
    assert "/supplier/" in text(answer)
    order.refresh_from_db()
    assert (order.status, order.note) == ("sent", "By truck")
    assert order.approved_by == "user:pia"


def test_a_proposal_that_changed_meanwhile_is_not_approved(world, office):
    world.supplier("leaf", tea={})
    world.reorder("tea", point=10)
    [order] = propose()
    services.edit_replenishment(
        number=order.number, quantities={"tea": 400}, by=SYSTEM, at=timezone.now()
    )

    answer = office.post(f"/supply/{order.number}/approve/", {"version": order.version})

    assert answer.status_code == 409
    assert f"{order.number} was changed meanwhile" in text(answer)
    assert ReplenishmentOrder.objects.get().status == "proposed"


def test_the_edit_form_says_what_is_wrong_and_keeps_what_was_typed(world, office):
    world.supplier("leaf", tea={})
    world.reorder("tea", point=10)
    [order] = propose()
    [line] = order.lines.all()
    page = f"/supply/{order.number}/edit/"

    answer = office.post(page, {f"units-{line.pk}": "-1", "add_sku": "x"})
    assert answer.status_code == 422
    assert "Say how many." in text(answer)
    answer = office.post(page, {f"units-{line.pk}": "1", "add_sku": "x", "add_quantity": "2"})
    assert answer.status_code == 409
    assert "Leaf does not supply x." in text(answer)
    answer = office.post(page, {f"units-{line.pk}": "0"})
    assert answer.status_code == 409
    assert "Order at least one unit" in text(answer)
    assert order.lines.get().quantity == 10


def test_ending_an_order_asks_why_and_says_what_happens(world, office):
    order = world.ordered_from_supplier(tea=10)
    page = f"/supply/{order.number}/cancel/"

    shown = text(office.get(page))
    assert "10 units are no longer expected" in shown
    assert "leaf@supplier.example is told not to send anything" in shown
    assert office.post(page, {"reason": ""}).status_code == 422
    office.post(page, {"reason": "Too late"})

    order.refresh_from_db()
    assert (order.status, order.end_reason) == ("cancelled", "Too late")
    assert office.post(f"/supply/{order.number}/close/", {"reason": "x"}).status_code == 409


def test_suppliers_are_added_changed_and_given_their_skus(world, office):
    world.sku("tea")
    fields = {"name": "Clay & Co", "language": "nl", "currency": "EUR", "lead_time_days": "12"}

    wrong = {**fields, "code": "a/b", "currency": "EURO"}
    answer = office.post("/supply/suppliers/new/", wrong)
    assert answer.status_code == 422
    assert "Without a slash." in text(answer)
    assert not Supplier.objects.exists()

    office.post("/supply/suppliers/new/", {**fields, "code": "clay", "is_active": "on"})
    office.post("/supply/suppliers/clay/edit/", {**fields, "email": "a@b.example"})
    clay = Supplier.objects.get()
    assert (clay.name, clay.email, clay.is_active) == ("Clay & Co", "a@b.example", False)

    supply = {"sku": "tea", "cost": "1.25", "currency": "EUR", "minimum_quantity": "6"}
    page = "/supply/suppliers/clay/supplies/"
    assert office.post(page, {**supply, "sku": "none", "pack_size": "6"}).status_code == 409
    office.post(page, {**supply, "pack_size": "6"})
    found = SupplierSku.objects.get()
    assert (str(found.cost), found.pack_size, found.is_preferred) == ("1.250000", 6, True)
    assert 'value="1.250000"' in text(office.get(f"{page}?sku=tea"))
    assert "another supplier comes first" not in text(office.get("/supply/suppliers/clay/"))


def test_preferring_another_supplier_takes_it_from_the_first(world, office):
    world.supplier("leaf", tea={})
    world.supplier("clay", tea={})
    form = {"sku": "tea", "minimum_quantity": "1", "pack_size": "1", "is_preferred": "on"}

    office.post("/supply/suppliers/clay/supplies/", form)

    preferred = SupplierSku.objects.filter(is_preferred=True)
    assert [each.supplier.code for each in preferred] == ["clay"]
    assert "another supplier comes first" in text(office.get("/supply/suppliers/leaf/"))


def test_the_reorder_rules_of_a_sku_are_set_by_location(world, office):
    world.stock("tea", rotterdam=5)
    form = {"location": "rotterdam", "reorder_point": "8", "safety_stock": "1"}

    answer = office.post("/inventory/tea/reorder/", {**form, "reorder_up_to": "3"})
    assert answer.status_code == 422
    office.post("/inventory/tea/reorder/", {**form, "reorder_up_to": "30"})

    level = StockLevel.objects.get()
    assert (level.reorder_point, level.reorder_up_to, level.safety_stock) == (8, 30, 1)
    assert level.on_hand == 5


def test_shortages_and_skus_without_supplier_are_a_work_list(world, office):
    world.stock("tea", rotterdam=1)
    world.place(tea=3)
    world.supplier("leaf")

    shown = text(office.get("/supply/shortages/"))

    assert "Nobody was asked for 2" in shown
    assert "No supplier for 1 SKU" in shown
    assert "/supply/suppliers/leaf/supplies/?sku=tea" in shown


def test_the_scorecard_says_how_a_supplier_kept_its_word(world, office):
    order = world.ordered_from_supplier(tea=10)
    sent = timezone.now() - timedelta(days=9)
    ReplenishmentOrder.objects.update(sent_at=sent)
    services.commit_replenishment(
        number=order.number,
        answers=[services.Answer("tea", [services.Part(10, sent.date() + timedelta(days=5))])],
        by=SYSTEM,
        at=sent,
    )
    for nth, (accepted, rejected, on) in enumerate([(6, 2, 4), (4, 0, 8)]):
        services.receive_replenishment(
            number=order.number,
            counts=[services.Count("tea", accepted, rejected, "damaged")],
            key=f"k-{nth}",
            by=SYSTEM,
            at=sent + timedelta(days=on),
        )

    score = office.get("/supply/suppliers/leaf/").context["score"]

    assert (score.orders, score.accepted, score.rejected) == (1, 10, 2)
    assert round(score.lead_time_days or 0, 3) == 6
    assert score.on_time_percent == 60
    assert round(score.rejected_percent, 1) == 16.7


# ── Who may what, and where ─────────────────────────────────────────────────────────────────


def test_goods_in_sees_the_orders_of_its_own_location_and_may_only_receive(world, floor):
    here = world.ordered_from_supplier(tea=2)
    there = world.ordered_from_supplier(at="leipzig", tea=2)

    shown = text(floor.get("/supply/"))
    assert here.number in shown
    assert there.number not in shown
    assert floor.get(f"/supply/{there.number}/").status_code == 404
    assert floor.post(f"/supply/{there.number}/receive/").status_code == 404
    assert "/supplier/" not in text(floor.get(f"/supply/{here.number}/"))
    for verb in ("approve", "send", "remind", "revoke", "close", "cancel", "edit"):
        assert floor.post(f"/supply/{here.number}/{verb}/").status_code == 403
    for page in ("propose/", "suppliers/new/"):
        assert floor.post(f"/supply/{page}").status_code == 403
    assert floor.get("/supply/suppliers/").status_code == 403
    here.refresh_from_db()
    assert here.status == "sent"


def test_support_sees_nothing_of_supply(world):
    order = world.ordered_from_supplier(tea=2)
    sam = world.browser(world.user("sam", role="support"))

    for page in ("", "shortages/", "suppliers/", f"{order.number}/", f"{order.number}/order.pdf"):
        assert sam.get(f"/supply/{page}").status_code == 403


# ── Goods-in ────────────────────────────────────────────────────────────────────────────────


def key_in(page):
    return re.search(r'name="key" value="([0-9a-f]{32})"', page)[1]


def test_a_scanned_unit_is_counted_and_what_is_counted_is_taken_in(world, floor):
    order = world.ordered_from_supplier(tea=2, cup=1)
    lines = {line.sku.code: line.pk for line in order.lines.select_related("sku")}
    page = f"/supply/{order.number}/receive/"
    key = key_in(text(floor.get(page)))

    answer = floor.post(page, {"code": "bc-tea", "key": key})
    assert 'data-verdict="done"' in text(answer)
    assert "1 of 2" in text(answer)
    assert key_in(text(answer)) == key
    form = {"key": key, f"units-{lines['tea']}": "2"}
    assert 'data-verdict="wait"' in text(floor.post(page, {**form, "code": "TEA"}))
    answer = floor.post(page, {**form, "code": "nothing"})
    assert "Not in this order" in text(answer)
    assert not Receipt.objects.exists()

    form[f"rejected-{lines['cup']}"] = "1"
    assert floor.post(page, form).status_code == 422
    form[f"reason-{lines['cup']}"] = "damaged"
    answer = floor.post(page, {**form, "reference": "LS-1"}, follow=True)
    assert "2 units are on the shelf. 1 unit is not taken in." in text(answer)
    assert "LS-1" in text(answer)
    assert world.on_hand("tea") == {"rotterdam": 2}
    floor.post(page, form)
    assert world.on_hand("tea") == {"rotterdam": 2}


def test_the_label_of_a_case_counts_it_and_fills_in_lot_and_day(world, floor):
    world.sku("honey", tracking=Sku.Tracking.LOT, barcode="9506000134352")
    order = world.ordered_from_supplier(honey=30)
    [line] = order.lines.all()
    page = f"/supply/{order.number}/receive/"
    form = {"key": key_in(text(floor.get(page))), f"units-{line.pk}": "1",
            f"lot-{line.pk}": "", f"expires_on-{line.pk}": ""}  # fmt: skip

    label = "02095060001343523712\x1d1727050010L7"
    answer = text(floor.post(page, {**form, "code": label}))

    assert "13 of 30" in answer
    assert 'value="L7"' in answer
    assert 'value="2027-05-31"' in answer


def test_more_than_expected_asks_before_it_is_kept(world, floor):
    order = world.ordered_from_supplier(tea=2)
    [line] = order.lines.all()
    page = f"/supply/{order.number}/receive/"
    form = {"key": key_in(text(floor.get(page))), f"units-{line.pk}": "3"}
    assert "keep_over" not in text(floor.get(page))

    answer = floor.post(page, form)
    assert answer.status_code == 409
    assert "tea: 3 came, 2 are expected" in text(answer)
    assert "keep_over" in text(answer)
    assert not StockLevel.objects.filter(on_hand__gt=0).exists()

    floor.post(page, {**form, "keep_over": "on"})
    assert world.on_hand("tea") == {"rotterdam": 3}


def test_nothing_counted_and_nothing_expected_are_said(world, floor):
    order = world.ordered_from_supplier(tea=2)
    page = f"/supply/{order.number}/receive/"
    answer = floor.post(page, {"key": "k"})
    assert answer.status_code == 422
    assert "Count at least one unit." in text(answer)

    services.cancel_replenishment(number=order.number, reason="", by=SYSTEM, at=timezone.now())
    assert "Nothing is expected" in text(floor.get(page))
    [line] = order.lines.all()
    assert floor.post(page, {"key": "k", f"units-{line.pk}": "1"}).status_code == 409


# ── Lists ask the same however long they are ────────────────────────────────────────────────


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize(
    ("address", "most"),
    [("/supply/", 18), ("/supply/suppliers/", 15), ("/supply/shortages/", 24)],
)
def test_a_list_asks_as_much_for_three_as_for_one(world, office, address, most):
    def another(nth):
        world.ordered_from_supplier(supplier=f"s-{nth}", **{f"sku-{nth}": 5})
        world.place(**{f"sku-{nth}": 2})

    another(1)
    one = queries(office, address)
    another(2)
    another(3)

    assert queries(office, address) == one <= most


def test_one_order_asks_as_much_for_three_lines_as_for_one(world, office):
    small = world.ordered_from_supplier(a=1)
    large = world.ordered_from_supplier(supplier="clay", b=1, c=1, d=1)

    one = queries(office, f"/supply/{small.number}/")

    assert queries(office, f"/supply/{large.number}/") == one <= 20
