"""Having a letter written when it goes, by the function that its job names."""

from collections.abc import Callable

from django.utils.module_loading import import_string

from oms.core.jobs import ClaimedJob, GiveUp
from oms.messaging import selectors
from oms.messaging.letters import Letter, NoSuchAddress, kind_written_by
from oms.messaging.rules.wording import NotReadable
from oms.messaging.states import Medium


def written(job: ClaimedJob) -> Letter | None:
    """Return the letter of a job as it reads now; None when there is nothing to say any more."""
    write: Callable[..., Letter | None] = import_string(job.payload["letter"])
    try:
        return write(**job.payload["arguments"])
    except (NoSuchAddress, NotReadable) as problem:
        raise GiveUp(str(problem)) from problem


def goes_by(path: str) -> set[Medium]:
    """Return the media that the letter written at `path` goes by; one of no kind goes by e-mail."""
    kind = kind_written_by(path)
    if kind is None:
        return {Medium.EMAIL}
    decided = selectors.switches_of(kind.key)
    return {each for each in kind.media if selectors.is_on(kind.key, each, decided)}
