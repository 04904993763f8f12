"""Statements written by hand: how they are sent, and what is sent with them."""

import pytest
from django.db import ProgrammingError, connection, transaction

from oms.core import sql

pytestmark = pytest.mark.django_db


def test_an_array_is_what_was_put_into_it():
    said = ["plain", "", "NULL", 'a "quoted" one', "back\\slash", "{a,b}", " ", "日本", None]

    assert sql.run("SELECT %s::text[]", [sql.array(said)]) == [(said,)]
    assert sql.run("SELECT %s::bigint[]", [sql.array([3, -1, None, 2**40])]) == [
        ([3, -1, None, 2**40],)
    ]
    assert sql.run("SELECT %s::int[]", [sql.array([])]) == [([],)]


def test_after_a_statement_that_failed_others_are_answered():
    with pytest.raises(ProgrammingError), transaction.atomic():
        sql.run("SELECT nothing FROM nowhere")

    assert sql.run("SELECT %s::int", [1]) == [(1,)]


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_is_asked_as_the_old_one_was():
    before = sql.run("SELECT pg_backend_pid()")
    connection.close()

    assert sql.run("SELECT pg_backend_pid()") != before


def test_an_answer_stays_what_it_was_when_the_next_one_comes():
    first = sql.run("SELECT generate_series(1, 2)")
    second = sql.run("SELECT 9")

    assert (first, second) == ([(1,), (2,)], [(9,)])
