"""The bell counts what one has not read; the inbox shows it, and it is one's own."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oms.messaging.models import NoticeCopy
from oms.messaging.services import notify


@pytest.fixture
def fay(world):
    return world.user("fay", "finance")


def tell(number, **fields):
    notify(key=f"n{number}", subject=f"Refund RF-{number} failed", role="finance", **fields)


def body(answer):
    return answer.content.decode()


def test_the_bell_says_how_many_are_new_on_every_page(world, fay):
    browser = world.browser(fay)
    assert 'aria-label="Notices"' in body(browser.get("/preferences/"))

    tell(1)
    tell(2)

    assert 'aria-label="Notices, 2 new"' in body(browser.get("/preferences/"))


def test_a_notice_that_is_opened_is_read_and_leads_to_its_page(world, fay):
    browser = world.browser(fay)
    tell(1, url="/returns/", level="urgent")
    assert "To do now" in body(browser.get("/inbox/"))
    copy = NoticeCopy.objects.get()

    answer = browser.post(f"/inbox/{copy.pk}/", {"open": "1"})

    assert answer["Location"] == "/returns/"
    copy.refresh_from_db()
    first = copy.read_at
    assert first
    assert "You have read everything" in body(browser.get("/inbox/"))
    assert "Refund RF-1 failed" in body(browser.get("/inbox/?show=all"))
    browser.post(f"/inbox/{copy.pk}/")
    copy.refresh_from_db()
    assert copy.read_at == first


def test_all_can_be_read_at_once_and_only_ones_own(world, fay):
    other = world.user("finn", "finance")
    tell(1)
    tell(2)

    answer = world.browser(fay).post("/inbox/read-all/", follow=True)

    assert "2 notices are read." in body(answer)
    assert not NoticeCopy.objects.filter(user=fay, read_at=None).exists()
    assert NoticeCopy.objects.filter(user=other, read_at=None).count() == 2


def test_what_another_was_told_is_not_there(world, fay):
    tell(1)
    copy = NoticeCopy.objects.get()

    answer = world.browser(world.user("kim", "support")).post(f"/inbox/{copy.pk}/")

    assert answer.status_code == 404
    copy.refresh_from_db()
    assert copy.read_at is None


def test_the_inbox_costs_the_same_for_one_notice_and_for_three(world, fay):
    browser = world.browser(fay)
    counted = []
    for numbers in ([1], [2, 3]):
        for number in numbers:
            tell(number)
        browser.get("/inbox/")
        with CaptureQueriesContext(connection) as caught:
            answer = browser.get("/inbox/")
        counted.append(sum("messaging_" in each["sql"] for each in caught))
    assert body(answer).count("RF-") >= 3
    assert counted == [2, 2]
