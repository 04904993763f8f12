"""Staff change what a letter says: the next one says it, a wrong one is refused or falls back."""

import pytest
from django.core import mail
from django.utils import timezone

from oms.core import jobs
from oms.core.actors import Actor
from oms.core.models import EventRecord, Job
from oms.messaging import services
from oms.messaging.errors import (
    LetterNotFound,
    NoAddressOfYours,
    NotAMedium,
    WordingChanged,
    WordingNotFound,
    WordingRefused,
)
from oms.messaging.letters import check_words, filled_in, letter_kinds, words_of_file
from oms.messaging.models import LetterSwitch, Message, Notice, NoticeCopy, Wording
from orders import letters

KIM = Actor("user", "kim")
LETTER = "order.confirmation"
OURS = {"subject": "Tea is coming: {{ number }}", "text": "Hello {{ first_name }}!\n"}


def reword(language="en", based_on=0, by=KIM, **words):
    return services.reword_letter(
        letter=LETTER,
        language=language,
        **{**OURS, **words},
        based_on=based_on,
        by=by,
        at=timezone.now(),
    )


def restore(version=0, based_on=1, language="en"):
    return services.restore_letter(
        letter=LETTER,
        language=language,
        version=version,
        based_on=based_on,
        by=KIM,
        at=timezone.now(),
    )


def switch(medium, is_on):
    services.switch_letter(letter=LETTER, medium=medium, is_on=is_on, by=KIM, at=timezone.now())


@pytest.fixture
def order(world):
    return world.place("W-1", tea=2)


def said(order):
    letter = letters.order_placed(order=order.number)
    return letter.subject, letter.text


@pytest.mark.parametrize("key", letter_kinds())
def test_every_letter_comes_with_words_that_fit_its_variables_and_its_sample(key):
    kind = letter_kinds()[key]
    words = words_of_file(kind, "en")

    assert check_words(kind, words) == {}
    filled = filled_in(kind, words, kind.sample)
    assert filled.subject
    assert "{" not in filled.subject + filled.text + filled.sms
    assert bool(words.sms) == ("sms" in kind.media)
    assert all(str(variable.words) for variable in kind.variables.values())


def test_what_staff_write_is_what_the_next_letter_says(order):
    assert reword() == 1

    assert said(order) == ("Tea is coming: W-1", "Hello Robin!\n")
    assert "<p" in letters.order_placed(order=order.number).html
    fact = EventRecord.objects.get(name="letter.reworded")
    assert (fact.subject, fact.actor, fact.payload["version"]) == (LETTER, "user:kim", 1)


def test_a_reader_is_told_in_their_language_where_there_are_words_in_it(world, order):
    dutch = world.place(
        "W-2",
        tea=1,
        fields={"customer": {"name": "Robin Vale", "email": "robin@example.com", "language": "nl"}},
    )
    reword(language="nl", subject="Uw bestelling {{ number }}", text="Dag! {{ total }}")

    assert said(order)[0] == "Your order W-1"
    letter = letters.order_placed(order=dutch.number)
    assert letter.subject == "Uw bestelling W-2"
    assert letter.text == "Dag! € 10,00\n"
    assert letter.language == "nl"
    restore(language="nl")
    assert letters.order_placed(order=dutch.number).language == "en"


def test_the_words_it_came_with_and_older_ones_can_be_used_again(order):
    reword()
    restore(based_on=1)
    assert said(order)[0] == "Your order W-1"

    assert restore(version=1, based_on=2) == 3

    assert said(order)[0] == "Tea is coming: W-1"
    assert list(Wording.objects.order_by("version").values_list("version", "is_default")) == [
        (1, False),
        (2, True),
        (3, False),
    ]


@pytest.mark.django_db
def test_the_same_words_again_change_nothing():
    reword()

    assert reword(based_on=1) == 1
    assert Wording.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "field", "line"),
    [
        ({"text": "a\n{{ secret }}"}, "text", 2),
        ({"subject": "{% include 'x' %}"}, "subject", 1),
        ({"sms": "{{ number|upper }}"}, "sms", 1),
        ({"text": "  \n "}, "text", 1),
    ],
)
def test_words_that_cannot_be_filled_in_are_refused_with_their_line(words, field, line):
    with pytest.raises(WordingRefused) as caught:
        reword(**words)

    assert (caught.value.field, caught.value.line) == (field, line)
    assert not Wording.objects.exists()
    assert not EventRecord.objects.exists()


@pytest.mark.django_db
def test_two_people_do_not_undo_each_others_words_unseen():
    reword()

    with pytest.raises(WordingChanged, match="kim changed this letter meanwhile"):
        reword(based_on=0, subject="Mine")
    with pytest.raises(WordingChanged):
        restore(based_on=0)

    assert Wording.objects.get().subject == OURS["subject"]


@pytest.mark.django_db
def test_what_there_is_not_cannot_be_changed():
    with pytest.raises(LetterNotFound):
        services.switch_letter(
            letter="no.such", medium="email", is_on=False, by=KIM, at=timezone.now()
        )
    with pytest.raises(NotAMedium):
        switch("chat", is_on=True)
    with pytest.raises(WordingNotFound):
        restore(version=7, based_on=0)
    assert not LetterSwitch.objects.exists()


@pytest.mark.django_db
def test_words_that_no_longer_fit_fall_back_and_those_who_can_mend_them_are_told(world):
    ada = world.user("ada", "administrator")
    Wording.objects.create(
        letter=LETTER,
        language="en",
        version=1,
        subject="Hello",
        text="One\n{{ gone }}",
        by="user:kim",
        made_at=timezone.now(),
    )
    for number in ("W-1", "W-2"):
        world.place(number, tea=1)

    jobs.drain("mail")

    assert [each.subject for each in mail.outbox] == ["Your order W-1", "Your order W-2"]
    notice = Notice.objects.get()
    assert "There is no variable “gone”" in notice.text
    assert notice.url == "/messages/letters/order.confirmation/"
    assert NoticeCopy.objects.get().user == ada


@pytest.mark.django_db
def test_a_letter_that_is_switched_off_does_not_go(world):
    switch("email", is_on=False)
    world.place("W-1", tea=1)

    jobs.drain("mail")

    assert mail.outbox == []
    assert not Job.objects.filter(kind="mail").exists()
    assert not Message.objects.exists()
    switch("email", is_on=True)
    world.place("W-2", tea=1)
    jobs.drain("mail")
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_a_test_goes_to_who_asks_with_sample_values_and_leaves_the_letter_alone(world):
    world.user("ada", "administrator")
    order = world.place("W-1", tea=1)
    Job.objects.all().delete()

    services.try_letter(letter=LETTER, language="en", **OURS, user="ada", at=timezone.now())
    jobs.drain("mail")

    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["ada@oms.example"], "[Test] Tea is coming: 1001")
    assert said(order)[0] == "Your order W-1"


@pytest.mark.django_db
def test_who_has_no_address_gets_no_test(world):
    user = world.user("ada", "administrator")
    user.email = ""
    user.save()

    with pytest.raises(NoAddressOfYours):
        services.try_letter(letter=LETTER, language="en", **OURS, user="ada", at=timezone.now())
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_a_message_goes_again_word_for_word_and_is_one_of_its_own(world):
    order = world.place("W-1", tea=1)
    jobs.drain("mail")
    first = Message.objects.get()
    reword()

    services.resend_message(message=first.pk, by=KIM, at=timezone.now())
    jobs.drain("mail")

    assert [each.subject for each in mail.outbox] == ["Your order W-1"] * 2
    assert mail.outbox[0].body == mail.outbox[1].body
    assert mail.outbox[0].extra_headers["Message-ID"] != mail.outbox[1].extra_headers["Message-ID"]
    assert Message.objects.filter(thread=order.number).count() == 2
    fact = EventRecord.objects.get(name="message.resent")
    assert (fact.thread, fact.actor) == (order.number, "user:kim")


def test_a_letter_costs_one_query_for_its_words(order, django_assert_num_queries):
    with django_assert_num_queries(1):
        kind = letter_kinds()["order.refund_failed"]
        letters.write(kind, kind.sample, recipients=("a@b.example",))
