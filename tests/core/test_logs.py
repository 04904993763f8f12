"""Log lines: one line a record, whatever stands in it."""

import json
import logging
import sys

import pytest

from oms.core.logs import OneLine


def told(message, **extra):
    try:
        raise ValueError("no\nsuch thing")
    except ValueError:
        record = logging.getLogger("django.request").makeRecord(
            "django.request", logging.WARNING, "", 0, message, (), sys.exc_info(), extra=extra
        )
    return OneLine().format(record)


def test_a_forged_line_stays_in_its_line():
    line = told('a\n{"level": "ERROR"}\x1b[2J')

    assert "\n" not in line
    assert "\x1b" not in line
    assert json.loads(line)["message"] == 'a\n{"level": "ERROR"}\x1b[2J'


@pytest.mark.parametrize(("status", "is_told"), [(403, False), (404, False), (500, True)])
def test_a_traceback_is_told_of_what_broke_and_not_of_what_was_refused(status, is_told):
    assert ("error" in json.loads(told("Forbidden", status_code=status))) is is_told
