"""Times are shown as the reader's clock shows them."""

from datetime import UTC, datetime

import pytest


@pytest.mark.django_db
def test_times_are_told_in_the_zone_a_person_chose(world):
    order = world.place("1001", tea=1)
    moment = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    type(order).objects.filter(pk=order.pk).update(placed_at=moment)
    browser = world.browser(world.user("ada", role="operations"))
    page = f"/orders/{order.number}/"
    assert "20 Nov, 23:30" in browser.get(page).content.decode()

    kept = browser.post("/preferences/", {"theme": "system", "time_zone": "Asia/Tokyo"})

    assert kept.status_code == 302
    assert "21 Nov, 08:30" in browser.get(page).content.decode()


@pytest.mark.django_db
def test_a_zone_that_there_is_not_is_refused_and_the_old_one_kept(world):
    ada = world.user("ada", role="operations")

    refused = world.browser(ada).post("/preferences/", {"theme": "system", "time_zone": "Moon/Sea"})

    assert refused.status_code == 422
    ada.refresh_from_db()
    assert ada.time_zone == ""
