"""What a browser sends beside its forms may be anything, and breaks no page."""

import pytest

from oms.core.said import whole_number

NONSENSE = ["", " ", "-1", "1.0", "²", "٣", "seven", "9" * 10, "9" * 5000]


@pytest.mark.parametrize(
    ("said", "number"), [("0", 0), ("7", 7), ("007", 7), ("999999999", 999_999_999)]
)
def test_a_whole_number_is_read(said, number):
    assert whole_number(said) == number


@pytest.mark.parametrize("said", NONSENSE)
def test_what_is_no_whole_number_is_none(said):
    assert whole_number(said) is None


@pytest.mark.parametrize("said", [*NONSENSE, "0007000000000000"])
def test_a_span_of_days_that_nobody_offered_is_the_usual_one(world, said):
    sales = world.browser(world.user("sam", role="sales"))

    assert sales.get("/subscriptions/upcoming/", {"days": said}).status_code == 200
