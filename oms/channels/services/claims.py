"""Answers given once: a key is claimed in the transaction of its effect, and keeps its answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError

from oms.channels.errors import KeyReused, StillInProgress
from oms.core import sql
from oms.core.api.problems import body_of, status_of
from oms.core.batch import current, in_one_go
from oms.core.errors import Conflict
from oms.core.ids import Block
from oms.core.jsontext import compact


@dataclass(frozen=True)
class Claim:
    """A key of one principal, and the request it was sent with."""

    principal: str
    key: str
    request: str
    fingerprint: str


@dataclass(frozen=True)
class Answer:
    """A status and a JSON text; `is_replay` when it was given before."""

    status: int
    body: str
    is_replay: bool = False


TAKE = """
INSERT INTO channels_idempotencyrecord
    (id, principal, key, request, fingerprint, status, body, created_at)
VALUES (nextval('core_ids'), %s, %s, %s, %s, NULL, '', now())
ON CONFLICT (key, principal) DO NOTHING
RETURNING id
"""
KEEP = "UPDATE channels_idempotencyrecord SET status = %s, body = %s WHERE id = %s"
FIND = """
SELECT request, fingerprint, status, body FROM channels_idempotencyrecord
WHERE key = %s AND principal = %s
"""


def answer_once(claim: Claim, work: Callable[[], tuple[int, dict[str, Any]]]) -> Answer:
    """Do `work` unless this key has its answer; keep the answer with the effect.

    The claim, the effect and the answer are one transaction: a crash leaves all or nothing. Of
    several at once one works, the others wait for it and repeat its answer. A conflict is an
    answer too, kept after its effects were undone; other refusals are not, so that a corrected
    request may use the key again.

    Raises: KeyReused, StillInProgress, and whatever `work` refuses.
    """
    try:
        return in_one_go(lambda: _first_or_again(claim, work))
    except KeyReused:
        raise
    except Conflict as refusal:
        status, body = status_of(refusal), body_of(refusal)
        return in_one_go(lambda: _kept(claim, status, body))
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) == "55P03":
            raise StillInProgress from error
        raise


def _first_or_again(claim: Claim, work: Callable[[], tuple[int, dict[str, Any]]]) -> Answer:
    taken = sql.run(TAKE, [claim.principal, claim.key, claim.request, claim.fingerprint])
    if not taken:
        return _replay(claim)
    [(record_id,)] = taken
    batch = current()
    assert batch is not None  # noqa: S101 (in_one_go opened it)
    batch.ids = Block(after=record_id)
    status, body = work()
    text = compact(body)
    batch.write_with(KEEP, [status, text, record_id])
    return Answer(status, text)


def _kept(claim: Claim, status: int, body: dict[str, Any]) -> Answer:
    taken = sql.run(TAKE, [claim.principal, claim.key, claim.request, claim.fingerprint])
    if not taken:
        return _replay(claim)
    text = compact(body)
    sql.run(KEEP, [status, text, taken[0][0]])
    return Answer(status, text)


def _replay(claim: Claim) -> Answer:
    [(request, fingerprint, status, body)] = sql.run(FIND, [claim.key, claim.principal])
    if (request, fingerprint) != (claim.request, claim.fingerprint):
        raise KeyReused(first_request=request)
    return Answer(200 if status == 201 else status, body, is_replay=True)
