# ruff: noqa: RUF001 (letters count with a multiplication sign)
"""Words of staff: variables, if and for, and nothing else; what people typed stays text."""

import pytest

from oms.messaging.rules.markup import as_html, as_line, as_text
from oms.messaging.rules.wording import NotReadable, check, fill

DECLARED = {
    "number": None,
    "units": None,
    "url": None,
    "lines": frozenset({"name", "total"}),
    "address": frozenset(),
}
LINES = [{"name": "Tea", "total": "€4.50"}, {"name": "Pot", "total": "€9.00"}]


def refused(source):
    with pytest.raises(NotReadable) as caught:
        check(source, DECLARED)
    return caught.value.line, caught.value.reason


@pytest.mark.parametrize(
    "source",
    [
        "Order {{ number }}",
        "{% if units > 1 and number != 'x' %}many{% elif units %}one{% else %}none{% endif %}",
        "{% for line in lines %}{{ line.name }}{% if not forloop.last %}, {% endif %}{% endfor %}",
        "{% for each in address %}{{ each }}{% empty %}nowhere{% endfor %}",
        "{% if lines %}{{ number }}{% endif %}{# a note #}",
        "{ braces } alone and 100 % sure",
    ],
)
def test_variables_conditions_and_loops_may_be_used(source):
    check(source, DECLARED)


@pytest.mark.parametrize(
    ("source", "line", "reason"),
    [
        ("a\n{{ customer }}", 2, "There is no variable “customer” in this letter."),
        ("{{ number.upper }}", 1, "There is no variable “number.upper” in this letter."),
        ("{{ lines.0.name }}", 1, "There is no variable “lines.0.name” in this letter."),
        ("{{ number.__class__ }}", 1, "“number.__class__” cannot be read."),
        ("{{ lines }}", 1, "“lines” has several entries: use for, and name their parts."),
        ("{% for l in lines %}\n{{ l.pk }}{% endfor %}", 2, "There is no variable “l.pk”"),
        ("{% for l in lines %}{{ l }}{% endfor %}", 1, "“l” has several entries"),
        ("{% for c in number %}{{ c }}{% endfor %}", 1, "“for” goes through one of the lists"),
        ("{% for a, b in lines %}x{% endfor %}", 1, "“for” goes through one of the lists"),
        ("{% if secret %}x{% endif %}", 1, "There is no variable “secret”"),
        ("{% if units > settings.DEBUG %}x{% endif %}", 1, "There is no variable “settings”"),
        ("\n\n{% include 'x.html' %}", 3, "Only if and for can be used here, not “include”."),
        ("{% load i18n %}", 1, "Only if and for can be used here, not “load”."),
        ("{% debug %}", 1, "Only if and for can be used here, not “debug”."),
        ("{% if units %}\nx", 1, "This “if” has no “endif”."),
        ("x{% endif %}", 1, "There is nothing open that “endif” belongs to."),
        ("{{ number|upper }}", 1, "nothing may follow a “|”"),
        ("{{ }}", 1, "There is nothing between the braces."),
        ("a\nb {{ number", 2, "A pair of braces is not closed on its line."),
        ("{{ number }} }}", 1, "A pair of braces is not closed on its line."),
        ("{{ number units }}", 1, "“number units” cannot be read."),
        ("x" * 20_001, 1, "It is longer than 20000 characters."),
        (
            "{% for a in lines %}{% for b in lines %}{% for c in lines %}x"
            "{% endfor %}{% endfor %}{% endfor %}",
            1,
            "No more than 2 loops",
        ),
    ],
)
def test_anything_else_is_refused_with_its_line_and_the_reason(source, line, reason):
    found = refused(source)

    assert found[0] == line
    assert reason in found[1]


def test_a_value_compares_as_itself():
    source = "{% if number == 'W-1' %}yes{% endif %}{% if units > 1 %}, many{% endif %}"

    assert fill(source, {"number": "W-1", "units": 2}) == "yes, many"


def test_lines_of_tags_leave_no_empty_lines():
    source = "We send:\n{% for line in lines %}\n- {{ line.name }} | {{ line.total }}\n{% endfor %}"

    assert as_text(fill(source + "\n- End", {"lines": LINES})) == (
        "We send:\nTea: €4.50\nPot: €9.00\nEnd\n"
    )


def test_a_row_whose_cell_is_empty_is_a_row_without_one():
    filled = fill("- {{ number }} | {{ units }}\n- b | c", {"number": "a", "units": ""})

    assert as_text(filled) == "a\nb: c\n"
    assert as_html(filled).count('align="right"') == 1


def test_signs_become_a_heading_rows_a_button_and_links():
    html = as_html(
        fill(
            "# Hello {{ number }}\n\n- 2 × Tea & more | €4\n- Total | €4\n\n"
            "[See it]({{ url }})\n\nOr:\n{{ url }}",
            {"number": "W-1", "url": "https://shop.example/s/a-b.c"},
        )
    )

    assert ">Hello W-1</h1>" in html
    assert ">2 ×</td>" in html
    assert ">Tea &amp; more</td>" in html
    assert ">Total</td>" in html
    assert html.count('href="https://shop.example/s/a-b.c"') == 2
    assert ">See it</a>" in html


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "# Big",
        "- row | cell",
        "[click](https://evil.example)",
        "https://evil.example",
        "{{ number }}{% debug %}",
        "a\n\n# b",
        "\ue000 Big \ue001",
    ],
)
def test_what_people_typed_cannot_become_more_than_text(typed):
    filled = fill("{{ number }}\nx", {"number": typed})

    html = as_html(filled)
    assert html.count("<") == 3  # <p>, <br>, </p>
    assert "href" not in html
    said = typed.replace("\ue000", "").replace("\ue001", "")
    assert as_text(filled) == " ".join(said.split()) + "\nx\n"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://a b", 'https://a"onx=', "/x"])
def test_an_address_that_is_none_makes_no_button(address):
    filled = fill("[See it]({{ url }})\n\nEnd", {"url": address})

    assert "See it" not in as_html(filled)
    assert as_text(filled) == "End\n"


def test_a_subject_is_one_line():
    assert as_line(fill("{{ number }}\n x", {"number": "a\r\nBcc: b@c.example"})) == (
        "a Bcc: b@c.example x"
    )


def test_only_plain_values_can_be_filled_in():
    with pytest.raises(TypeError, match="a letter holds text"):
        fill("{{ number }}", {"number": object()})
