"""What is done to several orders at once, as far as somebody may."""

from django.contrib.auth.models import Permission

from oms.core.actors import SYSTEM
from orders import services
from orders.models import Hold
from tests.orders.pages import desk as desk
from tests.orders.pages import reported, text


def test_releasing_several_reports_each(world, desk):
    held, free = world.place(tea=1), world.place(tea=1)
    for kind in ("manual", "address"):
        services.hold_order(number=held.number, kind=kind, reason="", by=SYSTEM)

    response = desk.post(
        "/orders/bulk/",
        {"verb": "release", "number": [held.number, free.number], "query": "view=held"},
        follow=True,
    )

    assert response.redirect_chain == [("/orders/?view=held", 302)]
    assert reported(response) == [f"{free.number}: nothing holds it.", "2 holds are released."]
    assert not Hold.objects.filter(released_at__isnull=True).exists()


def test_holding_several_asks_why_then_holds_those_it_can(world, desk):
    held, free = world.place(tea=1), world.place(tea=1)
    services.hold_order(number=held.number, kind="manual", reason="", by=SYSTEM)
    chosen = {"verb": "hold", "number": [held.number, free.number]}

    asked = desk.post("/orders/bulk/", chosen)
    done = desk.post("/orders/bulk/", {**chosen, "kind": "manual", "reason": "Recall"}, follow=True)

    assert "Hold 2 orders?" in text(asked)
    assert reported(done) == [
        f"{held.number} has a manual hold already.",
        "1 order is on hold.",
    ]
    assert Hold.objects.get(order=free).reason == "Recall"


def test_choosing_none_says_so(desk):
    response = desk.post("/orders/bulk/", {"verb": "release"}, follow=True)

    assert reported(response) == ["Choose at least one order first."]


def test_releasing_several_leaves_the_holds_that_somebody_may_not_release(world):
    order = world.place(tea=1)
    for kind in ("manual", "fraud", "credit"):
        services.hold_order(number=order.number, kind=kind, reason="", by=SYSTEM)
    sales = world.browser(world.user("sam", role="sales"))

    response = sales.post("/orders/bulk/", {"verb": "release", "number": [order.number]})

    standing = Hold.objects.filter(released_at__isnull=True).order_by("kind")
    assert [hold.kind for hold in standing] == ["credit", "fraud"]
    said = reported(sales.get(response.url))
    assert sorted(said) == [
        "1 hold is released.",
        f"{order.number}: you may not release its credit hold.",
        f"{order.number}: you may not release its fraud review hold.",
    ]


def test_who_works_at_one_location_holds_and_releases_none_of_another(world):
    world.stock("tea", ghent=5)
    world.location("rotterdam")
    order = world.place(tea=1)
    services.hold_order(number=order.number, kind="manual", reason="", by=SYSTEM)
    wim = world.user("wim", role="warehouse", at=["rotterdam"])
    wim.user_permissions.add(Permission.objects.get(codename="hold_order"))
    browser, chosen = world.browser(wim), {"number": [order.number]}
    held = {**chosen, "verb": "hold", "kind": "address", "reason": "Look"}

    assert reported(browser.post("/orders/bulk/", held, follow=True)) == [
        f"There is no order {order.number}."
    ]
    browser.post("/orders/bulk/", {**chosen, "verb": "release"})

    assert Hold.objects.get().released_at is None
