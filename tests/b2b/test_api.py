"""The API of companies, quotes, purchase orders and invoices, and whose key sees what."""

import pytest

from b2b.models import Company, PurchaseOrder
from oms.core.models import User
from orders.models import Order

B2B = "/api/v1/b2b"


class Api:
    def __init__(self, client):
        self.client = client
        self.keys = 0

    def post(self, path, body=None):
        self.keys += 1
        return self.client.post(
            f"{B2B}{path}", body or {}, format="json", headers={"Idempotency-Key": f"k{self.keys}"}
        )

    def get(self, path):
        return self.client.get(f"{B2B}{path}")


@pytest.fixture
def api(world):
    return Api(world.api("erp"))


def body(**fields):
    lines = fields.pop("lines", [{"sku": "tea", "quantity": 3}])
    return {"company": "vermeer", "po_number": "4500", "lines": lines, **fields}


def test_a_company_is_taken_on_and_read_back(api, world):
    world.user("rita", "sales")
    made = api.post(
        "/companies/",
        {
            "code": "C-1",
            "name": "Café",
            "credit_limit": "2500.00",
            "terms_days": 14,
            "sales_rep": "rita",
            "addresses": [
                {
                    "label": "Café",
                    "address": {
                        "name": "Café",
                        "line1": "Delft 1",
                        "city": "Delft",
                        "country": "NL",
                    },
                }
            ],
        },
    )

    assert made.status_code == 201
    found = api.get("/companies/C-1/").json()
    assert found == made.json()
    assert found["credit"] == {
        "limit": "2500.00",
        "is_blocked": False,
        "reserved": "0.00",
        "invoiced": "0.00",
        "room": "2500.00",
    }
    assert found["addresses"][0]["address"]["city"] == "Delft"
    assert api.post("/companies/", {"code": "C-1", "name": "Again"}).status_code == 409


def test_terms_are_changed_and_credit_is_set(api, office):
    office.company()
    answer = api.client.patch(f"{B2B}/companies/vermeer/", {"terms_days": 60}, format="json")
    assert answer.json()["terms_days"] == 60
    answer = api.post("/companies/vermeer/credit/", {"limit": "10.00", "reason": "late"})
    assert answer.json()["credit"]["limit"] == "10.00"
    assert api.post("/companies/nobody/credit/", {"limit": "1"}).status_code == 404


def test_a_purchase_order_is_placed_at_our_prices_and_a_repeat_places_nothing(api, office):
    office.stock("tea", rotterdam=9)
    office.company()
    headers = {"Idempotency-Key": "once"}

    first, again = (
        api.client.post(f"{B2B}/purchase-orders/", body(), format="json", headers=headers)
        for _ in range(2)
    )

    assert (first.status_code, first.json()["status"]) == (201, "accepted")
    assert (again.json(), again["Idempotent-Replayed"]) == (first.json(), "true")
    assert first.json()["order"] == Order.objects.get().number
    assert first.json()["total"] == "30.00"
    twice = api.post("/purchase-orders/", body())
    assert (twice.status_code, twice.json()["type"]) == (409, "/problems/purchase_order_known")


def test_a_price_of_their_own_is_kept_for_a_person(api, office):
    office.wishes(tea=1)
    office.company()
    lines = [{"sku": "tea", "quantity": 3, "unit_price": "9.00"}]

    made = api.post("/purchase-orders/", body(lines=lines)).json()

    assert (made["status"], made["issues"], made["order"]) == (
        "submitted",
        ["price_mismatch"],
        None,
    )
    assert made["lines"][0]["contract_price"] == "10.00"
    answer = api.post(
        f"/purchase-orders/{made['number']}/accept/",
        {"lines": [{"position": 1, "unit_price": "10.00", "reason": "Our price"}]},
    )
    assert (answer.json()["status"], answer.json()["lines"][0]["decision"]) == (
        "accepted",
        "change",
    )
    assert answer.json()["order"]


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"lines": [{"sku": "tea", "quantity": 0}]}, 400, "/lines/0/quantity"),
        ({"lines": [{"sku": "nothing", "quantity": 1}]}, 400, "nothing"),
        ({"lines": []}, 400, "/lines"),
        ({"company": "nobody"}, 404, "company_not_found"),
        ({"wish": 1}, 400, "unknown_field"),
        ({"lines": [{"sku": "tea", "quantity": 1, "unit_price": 9.0}]}, 400, "unit_price"),
    ],
)
def test_what_cannot_be_ordered_says_where(api, office, change, status, said):
    office.wishes(tea=1)
    office.company()

    answer = api.post("/purchase-orders/", body(**change))

    assert answer.status_code == status
    assert said in answer.content.decode()
    assert PurchaseOrder.objects.count() == 0


def test_a_draft_waits_is_rewritten_and_submitted(api, office):
    office.wishes(tea=1)
    office.company()
    made = api.post("/purchase-orders/", body(submit=False)).json()
    assert made["status"] == "draft"

    address = f"{B2B}/purchase-orders/{made['number']}/"
    new = body(lines=[{"sku": "tea", "quantity": 5}], submit=False)
    assert api.client.put(address, new, format="json").json()["total"] == "50.00"
    assert api.post(f"/purchase-orders/{made['number']}/submit/").json()["status"] == "accepted"
    assert api.post(f"/purchase-orders/{made['number']}/submit/").status_code == 409


def test_from_request_to_invoice_and_payment(api, office):
    office.stock("tea", rotterdam=99)
    office.company()
    lines = [{"sku": "tea", "quantity": 24}]
    asked = api.post("/quote-requests/", {"company": "vermeer", "lines": lines}).json()
    quoted = api.post(
        "/quotes/",
        {
            "company": "vermeer",
            "request": asked["number"],
            "lines": [{"sku": "tea", "quantity": 24, "unit_price": "9.00"}],
            "present": True,
        },
    ).json()
    assert (quoted["status"], quoted["version"]) == ("presented", 1)
    revised = api.post(f"/quotes/{quoted['number']}/request-revision/", {"reason": "Cheaper"})
    assert revised.json()["status"] == "revision_requested"
    api.post(f"/quotes/{quoted['number']}/revise/")
    api.post(f"/quotes/{quoted['number']}/present/")
    taken = api.post(
        f"/quotes/{quoted['number']}/accept/",
        {"version": 2, "lines": [{"position": 1, "quantity": 12}], "po_number": "77"},
    ).json()
    assert (taken["total"], taken["status"]) == ("108.00", "accepted")
    assert api.get(f"/quotes/{quoted['number']}/").json()["purchase_order"] == taken["number"]

    office.ship(Order.objects.get())
    [invoice] = api.get(f"/invoices/?order={taken['order']}").json()["results"]
    assert (invoice["amount"], invoice["open"], invoice["status"]) == ("108.00", "108.00", "issued")
    assert api.get(f"/invoices/{invoice['number']}/invoice.pdf").status_code == 503
    paid = {"amount": "108.00", "reference": "bank-9"}
    for _ in range(2):
        answer = api.post(f"/invoices/{invoice['number']}/pay/", paid)
    assert (answer.json()["status"], len(answer.json()["payments"])) == ("paid", 1)
    assert api.get(f"/purchase-orders/{taken['number']}/").json()["status"] == "closed"
    assert api.get(f"/quote-requests/{asked['number']}/").json()["status"] == "quoted"


def test_lists_take_as_many_queries_for_three_as_for_one(api, office, django_assert_num_queries):
    office.stock("tea", rotterdam=99)
    for count in (1, 3):
        while Order.objects.count() < count:
            office.ship(office.buy(tea=1).order)
        for path, queries in (
            ("/companies/", 4),
            ("/purchase-orders/", 5),
            ("/invoices/", 5),
            ("/quotes/", 2),
            ("/quote-requests/", 2),
        ):
            with django_assert_num_queries(queries):
                assert api.get(path).status_code == 200
    for count in (1, 3):
        for _ in range(count):
            office.quote(tea=1)
        with django_assert_num_queries(5):
            api.get("/quotes/")


def test_without_the_scope_or_a_key_there_is_nothing(world, client):
    assert world.api(scopes=["orders"]).get(f"{B2B}/companies/").status_code == 403
    assert client.get(f"{B2B}/companies/").status_code == 401


@pytest.fixture
def two_companies(office, world):
    rita, other = world.user("rita", "sales"), world.user("otto", "sales")
    office.buyer("bo", "vermeer", limit="100")
    office.company("rembrandt")
    Company.objects.filter(code="vermeer").update(sales_rep=rita)
    Company.objects.filter(code="rembrandt").update(sales_rep=other)
    office.stock("tea", rotterdam=99)
    documents = {code: office.buy(code, tea=1) for code in ("vermeer", "rembrandt")}
    quotes = {code: office.quote(code, tea=1) for code in ("vermeer", "rembrandt")}
    for document in documents.values():
        office.ship(document.order)
    return documents, quotes


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("rita", ["vermeer"]),
        ("otto", ["rembrandt"]),
        ("bo", ["vermeer"]),
        ("fin", ["rembrandt", "vermeer"]),
        ("wim", []),
    ],
)
def test_each_sees_their_own_companies_and_foreign_ones_are_missing(
    world, two_companies, name, seen
):
    roles = {"fin": "finance", "wim": "warehouse"}
    user = User.objects.filter(username=name).first() or world.user(name, roles[name])
    api = Api(world.api(user=user))
    documents, quotes = two_companies

    companies = api.get("/companies/").json()["results"]
    assert sorted(each["code"] for each in companies) == seen
    for path in ("/purchase-orders/", "/invoices/", "/quotes/"):
        found = api.get(path).json()["results"]
        assert sorted(each["company"] for each in found) == seen, path
    for code in ("vermeer", "rembrandt"):
        expected = 200 if code in seen else 404
        assert api.get(f"/companies/{code}/").status_code == expected
        assert api.get(f"/purchase-orders/{documents[code].number}/").status_code == expected
        assert api.get(f"/quotes/{quotes[code].number}/").status_code == expected
        if expected == 404:
            assert api.post(f"/quotes/{quotes[code].number}/accept/").status_code == 404
            assert api.post(f"/purchase-orders/{documents[code].number}/cancel/").status_code == 404
            answer = api.post("/purchase-orders/", body(company=code))
            assert answer.status_code == 404


def test_a_buyer_may_order_and_accept_offers_but_not_set_terms_or_pay(world, two_companies):
    api = Api(world.api(user=User.objects.get(username="bo")))
    _documents, quotes = two_companies

    assert api.post(f"/quotes/{quotes['vermeer'].number}/accept/").status_code == 200
    assert api.post("/purchase-orders/", body()).json()["status"] == "accepted"
    over = api.post(
        "/purchase-orders/", body(po_number="1", lines=[{"sku": "tea", "quantity": 11}])
    )
    assert over.json()["status"] == "pending_approval"
    for path, sent in (
        (f"/purchase-orders/{over.json()['number']}/approve/", {}),
        (f"/purchase-orders/{over.json()['number']}/accept/", {}),
        ("/companies/vermeer/credit/", {"limit": "999999"}),
        ("/companies/", {"code": "X", "name": "X"}),
        ("/quotes/", {"company": "vermeer", "lines": [{"sku": "tea", "quantity": 1}]}),
    ):
        answer = api.post(path, sent)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not_yours"), path
    [invoice] = api.get("/invoices/").json()["results"]
    paid = api.post(f"/invoices/{invoice['number']}/pay/", {"amount": "1.00", "reference": "x"})
    assert paid.status_code == 403


def test_an_approver_of_the_company_approves_what_another_asked_for(world, office, two_companies):
    office.buyer("ada", "vermeer", role="approver")
    bo, ada = (Api(world.api(user=User.objects.get(username=name))) for name in ("bo", "ada"))
    over = bo.post("/purchase-orders/", body(lines=[{"sku": "tea", "quantity": 11}])).json()

    answer = ada.post(f"/purchase-orders/{over['number']}/approve/")

    assert answer.json()["status"] == "accepted"
