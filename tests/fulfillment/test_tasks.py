from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from fulfillment import services
from fulfillment.models import PackingSlip
from fulfillment.paper import slips_of
from oms.core import pdf
from oms.core.jobs import drain
from oms.core.models import Job
from tests.fulfillment.steps import only_work_of, picked, released, work_of


@pytest.fixture
def drawn(monkeypatch):
    """Documents are drawn elsewhere; here they are the HTML itself."""
    made = []

    def render(html, *, stylesheets=()):
        made.append(html)
        return f"%PDF {len(made)}".encode()

    monkeypatch.setattr(pdf, "render", render)
    return made


@pytest.mark.django_db(transaction=True)
def test_released_work_gets_its_slip_in_the_background(world, drawn):
    world.stock("tea", rotterdam=2)
    work = only_work_of(world.place(tea=2))
    client = world.api("shop")
    url = f"/api/v1/fulfillment-orders/{work.number}/packing-slip.pdf"
    released(work)

    waiting = client.get(url)
    assert waiting.status_code == 503
    assert waiting["Retry-After"] == "3"
    assert waiting.json()["type"] == "/problems/slip_being_made"
    assert drain("packing_slip") == 1

    answer = client.get(url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content) == b"%PDF 1"
    assert work.number in drawn[0]
    assert not Job.objects.filter(kind="packing_slip").exists()


@pytest.mark.django_db(transaction=True)
def test_a_slip_is_made_anew_when_the_work_changes_and_the_old_file_goes(world, drawn):
    world.stock("tea", rotterdam=2)
    work = only_work_of(world.place(tea=2))
    released(work)
    drain("packing_slip")
    before = PackingSlip.objects.get().file.name

    picked(work, {"tea": 1}, reason="missing")
    assert not PackingSlip.objects.get().is_ready
    drain("packing_slip")

    slip = PackingSlip.objects.get()
    assert slip.is_ready
    assert slip.file.name != before
    assert not default_storage.exists(before)
    assert default_storage.exists(slip.file.name)


@pytest.mark.django_db(transaction=True)
def test_a_void_request_makes_no_slip(world, drawn):
    world.stock("tea", rotterdam=2)
    work = only_work_of(world.place(tea=2))
    now = timezone.now()
    services.request_packing_slip(number=work.number, at=now)
    services.request_packing_slip(number=work.number, at=now + timedelta(seconds=1))

    assert drain("packing_slip") == 2

    assert len(drawn) == 1
    assert PackingSlip.objects.get().is_ready


@pytest.mark.django_db(transaction=True)
def test_a_slip_that_was_never_asked_for_is_made_on_demand(world, drawn):
    world.stock("tea", rotterdam=2)
    work = only_work_of(world.place(tea=2))
    url = f"/api/v1/fulfillment-orders/{work.number}/packing-slip.pdf"
    client = world.api("shop")

    assert client.get(url).status_code == 503
    drain("packing_slip")

    assert client.get(url).status_code == 200


def test_a_slip_tells_what_is_in_the_box_and_where_the_rest_is(world):
    world.stock("tea", rotterdam=2)
    world.stock("cup", leipzig=1)
    order = world.place(tea=2, cup=3)
    here = next(work for work in work_of(order) if work.location.code == "rotterdam")

    slip = slips_of([here])[0]

    assert [(line.sku, line.quantity, line.ordered) for line in slip.lines] == [("tea", 2, 2)]
    assert [(each.name, each.quantity, each.reason) for each in slip.elsewhere] == [
        ("Cup", 1, "another parcel"),
        ("Cup", 2, "waiting for stock"),
    ]
    assert slip.ship_to == "Robin Vale"
    assert slip.ship_to_lines == ("Molenstraat 27", "2000 Antwerp", "BE")
    assert slip.customer_reference == order.external_id
