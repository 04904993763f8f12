"""The letters this house writes, as each app declares them; staff may change their words."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from oms.messaging.rules.wording import Fields
from oms.messaging.states import Audience, Medium


@dataclass(frozen=True, kw_only=True)
class Variable:
    """Something a letter can say: what it means, and what it may look like.

    A list has `fields`, which say what each entry holds; a list of bare texts has none in them.
    """

    words: str | Promise
    sample: Any
    fields: Mapping[str, str | Promise] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class LetterKind:
    """A letter the house writes.

    `path` is the function that writes it when it goes, as `post` is given it; `template` its file
    without language and ending; `when` the facts upon which it goes. `example`, where there is
    one, is the dotted path of a function that returns its values for a document's number, or None.
    """

    key: str
    path: str
    name: str | Promise
    audience: Audience
    template: str
    variables: Mapping[str, Variable]
    when: tuple[str, ...] = ()
    media: tuple[Medium, ...] = (Medium.EMAIL,)
    example: str = ""
    example_of: str | Promise = field(default="")

    @property
    def declared(self) -> Fields:
        """The variables that words of this letter may use, for `rules.wording`."""
        return {
            name: None if variable.fields is None else frozenset(variable.fields)
            for name, variable in self.variables.items()
        }

    @property
    def sample(self) -> dict[str, Any]:
        return {name: variable.sample for name, variable in self.variables.items()}


@functools.cache
def letter_kinds() -> dict[str, LetterKind]:
    """Return every letter by its key, in the order in which the apps declare them."""
    groups: list[tuple[LetterKind, ...]] = [import_string(path) for path in settings.LETTERS]
    return {kind.key: kind for group in groups for kind in group}


@functools.cache
def _by_path() -> dict[str, LetterKind]:
    return {kind.path: kind for kind in letter_kinds().values()}


def kind_written_by(path: str) -> LetterKind | None:
    """Return the letter that the function at `path` writes, if it is one that staff may change."""
    return _by_path().get(path)
