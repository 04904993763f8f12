"""A letter is what it says it is, whoever's text went into it."""

import pytest

from oms.messaging.letters import Letter, NoSuchAddress


def test_a_subject_is_one_line():
    letter = Letter(("a@b.example",), "Hello\r\nBcc: everyone@b.example\0 there\u2028x", "")

    assert letter.subject == "Hello Bcc: everyone@b.example there x"


def test_a_subject_has_an_end():
    assert len(Letter(("a@b.example",), "x" * 1000, "").subject) == 300


@pytest.mark.parametrize(
    "address",
    ["", "nobody", "a@b.example\nBcc: c@d.example", "a@b.example, c@d.example", "a b@c.example"],
)
def test_what_is_no_address_is_no_recipient(address):
    with pytest.raises(NoSuchAddress):
        Letter((address,), "Hello", "")


def test_a_language_that_is_none_is_english():
    assert Letter(("a@b.example",), "Hello", "", language="x\ny").language == "en"
    assert Letter(("a@b.example",), "Hello", "", language="pt-BR").language == "pt-BR"
