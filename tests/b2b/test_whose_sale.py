"""Whose sale a purchase order is: who was named, else who looked after the company that day."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from b2b import services
from b2b.errors import NotASalesRep
from b2b.models import Company, PurchaseOrder
from oms.core import reports
from oms.core.actors import SYSTEM
from oms.reporting.asking import asked
from orders import services as orders
from tests.b2b.conftest import REP

pytestmark = pytest.mark.django_db


@pytest.fixture
def reps(world, office):
    found = {name: world.user(name, "sales") for name in ("rita", "otto")}
    office.company(sales_rep="rita")
    return found


def body(**fields):
    return {"company": "vermeer", "lines": [{"sku": "tea", "quantity": 3}], **fields}


def sales(by="rep"):
    rows = reports.figures("sales", asked("sales", {"by": by}))
    return {row["key"]: (row["orders"], row["units"], row["amount"]) for row in rows}


def test_it_is_the_companys_rep_of_the_day_it_was_submitted(office, reps):
    draft = office.draft(tea=3)
    assert draft.sales_rep is None
    Company.objects.update(sales_rep=reps["otto"])

    office.submit(draft)
    Company.objects.update(sales_rep=reps["rita"])

    assert office.fresh(draft).sales_rep == reps["otto"]
    assert sales() == {"otto": (1, 3, Decimal("30.00"))}


def test_who_is_named_stays_until_somebody_else_is(office, reps):
    draft = office.draft(fields={"sales_rep": "otto"}, tea=3)
    again = {"number": draft.number}
    assert office.draft(fields=again, tea=4).sales_rep == reps["otto"]
    assert office.submit(draft).sales_rep == reps["otto"]

    other = office.draft(fields={"sales_rep": "otto"}, tea=1)
    office.draft(fields={"number": other.number, "sales_rep": ""}, tea=1)
    assert office.submit(other).sales_rep == reps["rita"]
    assert sales() == {"otto": (1, 4, Decimal("40.00")), "rita": (1, 1, Decimal("10.00"))}


@pytest.mark.parametrize("name", ["nobody", "bo", "gone"])
def test_only_a_sales_rep_is_named(world, office, reps, name):
    office.buyer("bo")
    gone = world.user("gone", "sales")
    gone.is_active = False
    gone.save()

    with pytest.raises(NotASalesRep):
        office.draft(fields={"sales_rep": name}, tea=1)
    assert not PurchaseOrder.objects.exists()


def test_a_company_that_nobody_looked_after_stays_without_a_rep(office, reps):
    Company.objects.update(sales_rep=None)
    office.buy(tea=2)
    Company.objects.update(sales_rep=reps["rita"])

    assert sales() == {"": (1, 2, Decimal("20.00"))}


def test_an_accepted_quote_is_the_companys_reps_sale_and_what_is_cancelled_is_nobodys(office, reps):
    document = services.accept_quote(
        number=office.quote(tea=2, price="9").number, by=REP, at=datetime.now(UTC)
    )
    gone = office.buy(tea=5)
    orders.cancel_order(number=gone.order.number, reason="no", by=SYSTEM)

    assert document.sales_rep == reps["rita"]
    assert sales() == {"rita": (1, 2, Decimal("18.00"))}
    assert sales("company") == {"vermeer": (1, 2, Decimal("18.00"))}


def test_orders_of_people_have_no_rep(world, office, reps):
    world.stock("cup", rotterdam=5)
    world.place("1001", cup=2)
    office.buy(tea=1)

    assert {key: row[0] for key, row in sales().items()} == {"": 1, "rita": 1}


def test_an_integration_says_whose_sale_it_is_and_reads_it_back(world, office, reps):
    office.wishes(tea=1)
    erp = world.api("erp")

    def post(key, **fields):
        return erp.post(
            "/api/v1/b2b/purchase-orders/",
            body(**fields),
            format="json",
            headers={"Idempotency-Key": key},
        )

    assert post("k1").json()["sales_rep"] == "rita"
    named = post("k2", sales_rep="otto").json()
    assert named["sales_rep"] == "otto"
    assert erp.get(f"/api/v1/b2b/purchase-orders/{named['number']}/").json() == named
    wrong = post("k3", sales_rep="nobody")
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "/sales_rep")
    assert PurchaseOrder.objects.count() == 2


def test_a_buyer_does_not_say_whose_sale_it_is(world, office, reps):
    office.wishes(tea=1)
    key = world.api(user=office.buyer("bo").user, scopes=["b2b"])

    def post(number, **fields):
        return key.post(
            "/api/v1/b2b/purchase-orders/",
            body(**fields),
            format="json",
            headers={"Idempotency-Key": number},
        )

    assert post("k1", sales_rep="otto").status_code == 403
    assert not PurchaseOrder.objects.exists()
    assert post("k2").json()["sales_rep"] == "rita"


def test_whoever_writes_it_down_chooses_among_the_reps(world, office, reps):
    office.wishes(tea=1)
    world.user("kim", "warehouse")
    rita = world.browser(reps["rita"])
    page = rita.get("/b2b/purchase-orders/new/?company=vermeer")
    assert [user.username for user in page.context["reps"]] == ["otto", "rita"]
    assert "The company's: rita" in page.content.decode()

    grid = {"company": "vermeer", "sku": ["tea"], "quantity": ["2"], "price": [""], "day": [""]}
    new = "/b2b/purchase-orders/new/"
    kept = rita.post(new, {**grid, "step": "keep", "sales_rep": "otto"})
    draft = PurchaseOrder.objects.get()
    assert kept.status_code == 200
    page = rita.get(f"/b2b/purchase-orders/{draft.number}/edit/")
    assert '<option value="otto" selected>' in page.content.decode()
    rita.post(new, {**grid, "step": "submit", "number": draft.number, "sales_rep": "otto"})
    assert office.fresh(draft).sales_rep == reps["otto"]
    assert "Sales rep otto." in rita.get(f"/b2b/purchase-orders/{draft.number}/").content.decode()
    refused = rita.post(new, {**grid, "step": "submit", "sales_rep": "kim"})
    assert (refused.status_code, PurchaseOrder.objects.count()) == (422, 1)


def test_figures_by_rep_cost_the_same_queries_for_one_order_and_for_three(
    office, reps, django_assert_num_queries
):
    for _ in range(3):
        office.buy(tea=1)
        with django_assert_num_queries(2):
            sales()
