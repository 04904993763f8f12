"""The scale's word against what is in the box."""

import pytest
from django.utils import timezone

from fulfillment import services
from fulfillment.errors_packing import WeightDiffers
from fulfillment.models import Package
from fulfillment.rules.weighing import expected
from fulfillment.services import Packed
from oms.catalog.models import Sku
from tests.fulfillment.steps import KIM, only_work_of, picked, status_of


@pytest.mark.parametrize(
    ("units", "box", "grams", "within"),
    [
        ([(1000, 2)], 100, 2100, 70),
        ([(100, 3)], 50, 350, 19),
        ([(100, 20)], 50, 2050, 49),
        ([(5, 200)], 50, 1050, 10),
        ([(100, 1), (2000, 1)], 50, 2150, 49),
        ([(1000, 2)], None, 2000, 270),
    ],
)
def test_a_scale_may_be_off_by_less_than_half_a_unit(units, box, grams, within):
    found = expected(units, box)

    assert (found.grams, found.within) == (grams, within)
    assert not found.differs(grams + within)
    assert not found.differs(grams - within)
    assert found.differs(grams + within + 1)
    assert found.differs(grams - within - 1)


def test_what_nobody_weighed_is_compared_with_nothing():
    assert expected([(100, 1), (None, 1)], 50) is None
    assert expected([], 50) is None


@pytest.fixture
def work(world):
    world.stock("tea", rotterdam=9)
    work = only_work_of(world.place(tea=3))
    picked(work)
    for _ in range(3):
        services.scan_unit(number=work.number, code="tea", by=KIM, at=timezone.now())
    return work


def close(work, **said):
    return services.close_package(number=work.number, box="S", by=KIM, at=timezone.now(), **said)


def test_a_package_of_another_weight_is_not_closed_until_somebody_says_why(work):
    with pytest.raises(WeightDiffers) as refusal:
        close(work, weight_g=200)
    assert (refusal.value.expected_g, refusal.value.within_g) == (300, 19)
    assert status_of(work) == "picked"
    assert not Package.objects.get().is_closed

    close(work, weight_g=200, weight_reason="A new tin, lighter")

    [package] = Package.objects.all()
    assert (package.weight_g, package.expected_g) == (200, 300)
    assert package.weight_reason == "A new tin, lighter"
    assert status_of(work) == "packed"


def test_a_reason_that_nobody_needed_is_not_kept(work):
    close(work, weight_g=305, weight_reason="Just so")

    [package] = Package.objects.all()
    assert (package.expected_g, package.weight_reason) == (300, "")


def test_without_a_scale_or_a_known_weight_nothing_is_compared(work):
    Sku.objects.update(weight_g=None)

    close(work, weight_g=2000)

    assert Package.objects.get().expected_g is None


def test_a_partners_scale_is_kept_beside_what_was_expected(world):
    world.stock("tea", rotterdam=9)
    work = only_work_of(world.place(tea=3))
    picked(work)

    packages = [Packed(box="S", weight_g=900, weight_reason="Gift box")]
    services.pack(number=work.number, packages=packages, by=KIM, at=timezone.now())

    [package] = Package.objects.all()
    assert (package.weight_g, package.expected_g, package.weight_reason) == (900, 300, "Gift box")


def test_the_station_shows_what_is_expected_and_asks_why(world, work):
    kim = world.browser(world.user("kim", role="warehouse", at=["rotterdam"]))
    url = f"/fulfillment/{work.number}/pack/"
    page = kim.get(url).content.decode()
    assert "0.3 kg expected with its box, within 49 g." in page

    answer = kim.post(f"{url}close/", {"box": "S", "weight": "0.2"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "The scale says 200 g, 300 g were expected" in page
    assert 'id="weight-reason"' in page
    said = {"box": "S", "weight": "0.2", "weight_reason": "New tin"}
    answer = kim.post(f"{url}close/", said)
    assert answer.status_code == 302
    assert "expected 300 g: New tin" in kim.get(answer["Location"]).content.decode()
    Package.objects.update(is_closed=False)


def test_the_station_says_whose_weight_nobody_knows(world, work):
    kim = world.browser(world.user("kim", role="warehouse", at=["rotterdam"]))
    Sku.objects.update(weight_g=None)

    page = kim.get(f"/fulfillment/{work.number}/pack/").content.decode()

    assert "Nothing to compare it with: the weight of Tea is not known." in page
