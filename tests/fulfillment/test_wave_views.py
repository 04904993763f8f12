"""Pages of waves and papers: who sees them, what they show, and what a scanner hears."""

import pytest
from django.utils import timezone

from fulfillment import services
from fulfillment.models import FulfillmentOrder, PrintPart, PrintRun, Wave
from fulfillment.states import PaperKind, WaveRule
from inventory import services as inventory
from inventory.models import Location, Quant
from oms.catalog.models import Sku
from oms.core.actors import SYSTEM
from tests.fulfillment.waving import (
    OTTO,
    halts,
    number_of,
    orders_of,
    picked,
    placed,
    totes,
    warehouse,
    wave,
)

WAVES = "/fulfillment/waves/"


@pytest.fixture
def floor(world):
    warehouse(world)
    return world


@pytest.fixture
def kim(floor):
    return floor.browser(floor.user("kim", role="warehouse", at=["rotterdam"]))


def page(client, url, **data):
    return client.post(url, data) if data else client.get(url)


def verdict(client, code, item="", number="WV-1001", status=200):
    answer = client.post(f"{WAVES}{number}/walk/scan/", {"code": code, "item": item})
    assert answer.status_code == status
    said = answer.context["verdict"]
    return said.tone, said.detail, answer.context["item"]


def test_a_wave_is_shown_before_it_is_made_and_then_made_as_shown(floor, kim):
    numbers = [placed(floor, tea=1), placed(floor, tea=2, pot=1), placed(floor, cup=1)]

    shown = page(kim, f"{WAVES}new/?rule=single_line&orders=12")
    preview = shown.context["preview"]
    assert preview.numbers == (numbers[0], numbers[2])
    assert (preview.lines, preview.units, preview.stops, preview.waiting) == (2, 2, 2, 3)
    made = page(kim, f"{WAVES}new/", rule="single_line", orders=12, work=list(preview.numbers))

    assert made.url == f"{WAVES}WV-1001/"
    assert orders_of("WV-1001") == [numbers[0], numbers[2]]
    assert Wave.objects.get().made_by == "user:kim"


def test_who_is_later_is_told_and_shown_what_is_left(floor, kim):
    number, other = placed(floor, tea=1), placed(floor, tea=1)
    wave(number)

    late = page(kim, f"{WAVES}new/", rule="chosen", orders=12, work=[number, other])

    assert late.status_code == 409
    assert number in str(late.context["form"].non_field_errors())
    assert late.context["preview"].numbers == (other,)
    assert Wave.objects.count() == 1


def test_waves_of_chosen_work_of_a_zone_of_the_next_pick_up_and_of_a_cart(floor, kim):
    both, one = placed(floor, tea=1, pot=1), placed(floor, jar=3)

    chosen = page(kim, f"{WAVES}of/", number=[both])
    assert page(kim, chosen.url).context["preview"].numbers == (both,)
    zone = page(kim, f"{WAVES}new/?rule=zone&zone=A&orders=5")
    assert (zone.context["preview"].numbers, zone.context["preview"].units) == ((both,), 1)
    small = page(kim, f"{WAVES}new/?rule=cart&orders=5&units=2")
    assert small.context["preview"].numbers == (both,)
    none_due = page(kim, f"{WAVES}new/")
    assert none_due.context["preview"].numbers == ()
    assert "No order fits" in none_due.content.decode()
    Location.objects.filter(code="rotterdam").update(cutoff_time="17:00")
    assert page(kim, f"{WAVES}new/").context["preview"].numbers == (both, one)
    assert page(kim, f"{WAVES}new/?rule=cart&orders=0").status_code == 422
    made = page(kim, f"{WAVES}new/", rule="zone", orders=5, work=[both, one])
    assert made.url == WAVES
    assert list(Wave.objects.order_by("pk").values_list("zone", flat=True)) == ["A", "B"]
    assert page(kim, f"{WAVES}of/", number="").status_code in (302, 404)


def test_lists_and_a_wave_take_the_same_queries_for_one_and_for_three(
    floor, kim, django_assert_num_queries
):
    def waves():
        with django_assert_num_queries(16):
            assert kim.get(WAVES).status_code == 200

    wave(placed(floor, tea=1), picker="kim")
    page(kim, WAVES)
    waves()
    wave(placed(floor, tea=1))
    wave(placed(floor, tea=1), placed(floor, cup=1, tea=1))
    waves()
    page(kim, f"{WAVES}WV-1001/")
    for number in ("WV-1001", "WV-1003"):
        with django_assert_num_queries(21):
            assert kim.get(f"{WAVES}{number}/").status_code == 200
    mine = page(kim, f"{WAVES}?mine=1")
    assert [each.number for each in mine.context["page"]] == ["WV-1001"]


def test_people_of_elsewhere_see_no_wave_and_who_only_looks_changes_none(floor, kim):
    number = placed(floor, tea=1)
    wave(number)
    services.request_paper(
        kind=PaperKind.SLIPS, location="rotterdam", numbers=[number], by=OTTO, at=timezone.now()
    )
    lea = floor.browser(floor.user("lea", role="warehouse", at=["leipzig"]))
    sam = floor.browser(floor.user("sam", role="support"))
    verbs = ("assign", "add", "take-back", "merge", "cancel", "take-over", "print", "walk/scan",
             "walk/found", "walk/short")  # fmt: skip

    assert page(lea, f"{WAVES}WV-1001/").status_code == 404
    assert page(lea, f"{WAVES}WV-1001/walk/").status_code == 404
    assert not page(lea, WAVES).context["page"].rows
    assert page(lea, "/fulfillment/papers/PR-1001/").status_code == 404
    assert page(sam, f"{WAVES}WV-1001/").status_code == 200
    assert page(sam, f"{WAVES}new/").status_code == 403
    for verb in verbs:
        assert lea.post(f"{WAVES}WV-1001/{verb}/").status_code == 404
        assert sam.post(f"{WAVES}WV-1001/{verb}/").status_code == 403
    for verb in ("stop", "resume", "1.pdf"):
        url = f"/fulfillment/papers/PR-1001/{verb}{'' if '.' in verb else '/'}"
        assert (lea.post(url).status_code, sam.post(url).status_code) == (404, 403)

    assert (Wave.objects.get().status, Wave.objects.get().picker) == ("open", "")


def test_a_wave_is_changed_on_its_page(floor, kim):
    first, second = placed(floor, tea=1), placed(floor, cup=1)
    wave(first)
    wave(second)
    url = f"{WAVES}WV-1001/"

    page(kim, f"{url}assign/", picker="kim")
    assert Wave.objects.get(number="WV-1001").picker == "kim"
    page(kim, f"{url}merge/", other="WV-1002")
    assert orders_of("WV-1001") == [first, second]
    page(kim, f"{url}take-back/", work=second)
    page(kim, f"{url}add/", work=second.lower())
    assert orders_of("WV-1001") == [first, second]
    page(kim, f"{url}cancel/", sure=1)
    told = kim.post(f"{url}cancel/", follow=True)

    assert Wave.objects.get(number="WV-1001").status == "cancelled"
    assert "Cannot cancel" in told.content.decode()


def test_a_cart_is_walked_by_scans_alone(floor, kim):
    first, second = placed(floor, tea=2), placed(floor, tea=1, pot=1)
    wave(first, second, rule=WaveRule.CART)

    assert verdict(kim, "bc-tea", status=422)[0] == "stop"
    assert verdict(kim, "A-2", status=422)[1] == "A-2 is no tote. Scan the label of an empty one."
    assert verdict(kim, "T-1")[:2] == ("done", "T-1 is for order 1.")
    assert verdict(kim, "t-1", status=409)[1] == f"Tote T-1 holds {first}. Take an empty one."
    assert verdict(kim, "T-2")[0] == "done"
    assert verdict(kim, "a-2")[1] == "Take 3 of Tea here."
    assert verdict(kim, "bc-cup", status=409)[1].startswith("Cup is not to be picked in WV-1001")
    assert verdict(kim, "A-1", status=409)[0] == "stop"
    assert verdict(kim, "nonsense", status=422)[0] == "stop"
    tone, words, item = verdict(kim, "bc-tea")
    assert (tone, words) == ("done", "2 of Tea into T-1.")
    assert verdict(kim, "T-9", item, status=409) == (
        "stop",
        "T-9 is the wrong tote: this goes into T-1.",
        item,
    )
    assert verdict(kim, "bc-pot", item, status=409)[0] == "stop"
    assert Wave.objects.get().picked == 0
    assert verdict(kim, "T-1", item)[1] == "2 of Tea for T-1."
    _, words, item = verdict(kim, "TEA")
    assert words == "1 of Tea into T-2."
    assert verdict(kim, "T-2", item)[2] == ""
    _, _, item = verdict(kim, "bc-pot")
    verdict(kim, "T-2", item)

    assert (Wave.objects.get().status, Wave.objects.get().picked) == ("done", 4)
    over = kim.post(f"{WAVES}WV-1001/walk/scan/", {"code": "T-1"})
    assert over.context["is_over"]
    assert page(kim, f"{WAVES}WV-1001/walk/").status_code == 302


def test_without_totes_each_scan_counts_a_unit_and_a_stop_is_found_at_once(floor, kim):
    first, second = placed(floor, tea=2), placed(floor, tea=2, cup=1)
    wave(first, second)

    assert verdict(kim, "bc-tea")[1] == "1 of Tea for order 1."
    assert halts("WV-1001") == [("A-2", "tea", 3), ("A-1", "cup", 1)]
    stop = kim.get(f"{WAVES}WV-1001/walk/").context["halts"][0].key
    page(kim, f"{WAVES}WV-1001/walk/found/", stop=stop)

    assert halts("WV-1001") == [("A-1", "cup", 1)]
    assert page(kim, f"{WAVES}WV-1001/walk/found/", stop=stop).status_code == 404
    assert FulfillmentOrder.objects.get(number=first).status == "picked"


def test_what_is_not_at_a_stop_goes_elsewhere_the_first_orders_get_what_is_there(floor, kim):
    floor.stock("tea", leipzig=9)
    order = floor.place(tea=2)
    first, second = placed(floor, tea=2), number_of(floor, order)
    wave(first, second)
    stop = kim.get(f"{WAVES}WV-1001/walk/").context["halts"][0].key
    url = f"{WAVES}WV-1001/walk/short/"

    assert kim.get(f"{url}?stop={stop}").status_code == 200
    for found in ("4", "-1", "x"):
        refused = page(kim, url, stop=stop, found=found, reason="missing")
        assert refused.status_code == 422
    assert halts("WV-1001") == [("A-2", "tea", 4)]
    page(kim, url, stop=stop, found="3", reason="missing")

    done = Wave.objects.get()
    assert (done.status, done.picked, done.short) == ("done", 3, 1)
    here, there = floor.works(order)
    assert (here.status, here.units) == ("picked", 1)
    assert (there.location.code, there.units) == ("leipzig", 1)


def test_serial_numbers_are_scanned_one_by_one(world):
    world.sku("phone", tracking=Sku.Tracking.SERIAL)
    for serial in ("SN-1", "SN-2", "SN-3"):
        arrival = inventory.Arrival(
            world.sku("phone"), world.location("rotterdam"), 1, "A-1", serial
        )
        inventory.receive(arrivals=[arrival], reference="d", by=SYSTEM, at=timezone.now())
    kim = world.browser(world.user("kim", role="warehouse", at=["rotterdam"]))
    wave(placed(world, phone=2))

    assert verdict(kim, "bc-phone", status=422)[1].startswith("Scan the serial number of Phone")
    assert verdict(kim, "SN-3")[0] == "done"
    assert verdict(kim, "SN-3", status=409)[0] == "stop"
    assert verdict(kim, "SN-1")[0] == "done"

    taken = Quant.objects.filter(state="picked").order_by("lot")
    assert list(taken.values_list("lot", flat=True)) == ["SN-1", "SN-3"]


def test_somebody_elses_walk_is_shown_and_taken_over(floor, kim):
    number = placed(floor, tea=1)
    wave(number, picker="ann")

    shown = page(kim, f"{WAVES}WV-1001/walk/")
    assert "Take over from ann" in shown.content.decode()
    assert verdict(kim, "bc-tea", status=409)[1] == "WV-1001 is picked by ann. Take it over first."
    kim.post(f"{WAVES}WV-1001/take-over/")

    assert verdict(kim, "bc-tea")[0] == "done"


def test_papers_of_a_wave_and_of_chosen_work_are_watched_and_printed(floor, kim):
    first, second = placed(floor, tea=1), placed(floor, cup=1)
    wave(first, second)

    made = page(kim, f"{WAVES}WV-1001/print/", kind="slips")
    assert made.url == "/fulfillment/papers/PR-1001/"
    assert PrintPart.objects.get().documents == [first, second]
    part = kim.get(made.url, headers={"HX-Request": "true"})
    assert part.status_code == 200
    services.keep_part(
        number="PR-1001", nth=1, file="", failed={second: "it broke"}, at=timezone.now()
    )
    over = kim.get(made.url, headers={"HX-Request": "true"})
    assert (over.status_code, "it broke" in over.content.decode()) == (286, True)
    assert page(kim, f"{made.url}1.pdf", go=1).status_code == 404
    walk = page(kim, f"{WAVES}WV-1001/print/", kind="walks")
    assert page(kim, f"{walk.url}stop/", go=1).status_code == 302
    page(kim, f"{walk.url}resume/", go=1)
    chosen = page(kim, "/fulfillment/papers/new/", number=[second, "FO-9-1"])

    assert PrintRun.objects.get(number="PR-1002").state == "drawing"
    assert PrintPart.objects.get(run__number="PR-1003").documents == [second]
    assert chosen.url == "/fulfillment/papers/PR-1003/"
    assert page(kim, f"{WAVES}WV-1001/print/", kind="letters").status_code == 404
    assert len(page(kim, "/fulfillment/papers/").context["page"]) == 3
    assert "PR-1001" in page(kim, f"{WAVES}WV-1001/").content.decode()


def test_the_queue_says_which_wave_work_is_in_and_narrows_to_what_is_in_none(floor, kim):
    number, other = placed(floor, tea=1), placed(floor, tea=1)
    wave(number)

    rows = page(kim, "/fulfillment/?step=release").context["page"].rows
    assert [(row.number, row.wave) for row in rows] == [(number, "WV-1001"), (other, "")]
    free = page(kim, "/fulfillment/?step=release&free=1").context["page"].rows
    assert [row.number for row in free] == [other]


def test_a_wave_and_a_tote_are_found_by_their_codes(floor, kim):
    number = placed(floor, tea=2)
    wave(number, rule=WaveRule.CART)
    totes("WV-1001", "T-7")
    picked("WV-1001", number, "tea", tote="T-7")

    assert "WV-1001" in page(kim, "/find/?q=wv-10").content.decode()
    assert number in page(kim, "/find/?q=t-7").content.decode()
