"""Charts: the axis has room for its numbers, and words do not run into each other."""

import re

from django.template.loader import render_to_string

from oms.core.templatetags.charts import bars


def drawn(rows):
    return render_to_string("components/_bars.html", bars(rows, ["Amount"], "Sales"))


def words(chart):
    return re.findall(r'text-anchor="middle">([^<]*)<', chart)


def test_large_numbers_get_the_room_they_need_and_small_ones_no_more():
    left = {peak: float(bars([("May", peak)], ["Amount"], "Sales")["left"]) for peak in (4, 40_000)}

    assert left == {4: 34.0, 40_000: 45.2}
    assert '<text x="39.2"' in drawn([("May", 40_000)])


def test_words_that_would_touch_are_left_out_in_turn():
    months = [f"2026-{month:02}" for month in range(1, 8)]

    assert words(drawn([(month, 1) for month in months])) == months[::2]
    assert words(drawn([(str(hour), 1) for hour in range(12)])) == [str(hour) for hour in range(12)]
