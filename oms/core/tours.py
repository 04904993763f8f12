"""Guided tours: a story per role, told on the pages of a demo shop.

The stories stand in `oms/tours.py`. A house knows that it shows a demo shop by its people: those
whom the demo made are offered the story of their role (`User.tour`), and nobody else is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.module_loading import import_string

from oms.core import parts
from oms.core.demo import Demo
from oms.core.models import User


@dataclass(frozen=True)
class Step:
    """One thing to do: its words, and where."""

    nth: int
    title: str
    do: str
    see: str
    at: str
    otherwise: str = ""

    def page_for(self, user: User) -> str:
        """Return the address for this user: of a document that is found now, else of its list.

        `at` names a page, or by dotted path a function that finds one for the user.
        """
        if ":" in self.at:  # the names of pages have one, dotted paths have none
            return page_named(self.at)
        found: str = import_string(self.at)(user)
        return found or page_named(self.otherwise)


@dataclass(frozen=True)
class Tour:
    """How far somebody is in the story of a role."""

    role: str
    steps: tuple[Step, ...]
    nth: int = 0
    done: frozenset[int] = frozenset()
    page: str = ""
    is_open: bool = False

    @cached_property
    def step(self) -> Step | None:
        """The step that is being told."""
        return next((step for step in self.steps if step.nth == self.nth), None)

    @cached_property
    def next(self) -> Step | None:
        """What comes after the step being told."""
        return next((step for step in self.steps if step.nth == self.nth + 1), None)

    @cached_property
    def first_left(self) -> Step | None:
        """The first step that was not done; none at the end."""
        return next((step for step in self.steps if step.nth not in self.done), None)

    @property
    def is_begun(self) -> bool:
        return bool(self.nth or self.done)

    def turned_to(self, nth: int, user: User) -> "Tour":
        """Go to a step; who goes on to the next has done this one. After the last it is over."""
        done = self.done | {self.nth} if self.step and nth == self.nth + 1 else self.done
        there = next((step for step in self.steps if step.nth == nth), None)
        if there is None:
            return replace(self, nth=0, done=done, page="", is_open=False)
        return replace(self, nth=nth, done=done, page=there.page_for(user), is_open=True)

    def left(self) -> "Tour":
        """Put it away; it goes on where it was."""
        return replace(self, is_open=False)

    def kept(self) -> dict[str, Any]:
        """What is kept for the user."""
        return {
            "role": self.role,
            "nth": self.nth,
            "done": sorted(self.done),
            "page": self.page,
            "is_open": self.is_open,
        }


def tour_of(user: User) -> Tour | None:
    """Return the story a user is offered and how far it is; None outside a demo shop. No query."""
    kept: Mapping[str, Any] = user.tour
    steps = steps_of(str(kept.get("role", "")))
    if not steps:
        return None
    return Tour(
        role=kept["role"],
        steps=steps,
        nth=kept.get("nth", 0),
        done=frozenset(kept.get("done", ())),
        page=kept.get("page", ""),
        is_open=kept.get("is_open", False),
    )


def steps_of(role: str) -> tuple[Step, ...]:
    """Return the story of a role, less what happens in parts that are left out."""
    there = parts.present()
    told = [
        {key: words for key, words in step.items() if key != "part"}
        for step in settings.TOURS.get(role, ())
        if step.get("part") is None or step["part"] in there
    ]
    return tuple(Step(nth, **step) for nth, step in enumerate(told, start=1))


def page_named(spec: str) -> str:
    """Return the address of a page: its name, arguments after blanks, a query after `?`."""
    named, mark, query = spec.partition("?")
    name, *arguments = named.split()
    return reverse(name, args=arguments) + mark + query


def page_of_first(name: str, rows: QuerySet[Any, Any], key: str = "number") -> str:
    """Return the page of the oldest of these documents; empty when there is none."""
    first = rows.order_by("pk").values_list(key, flat=True).first()
    return reverse(name, args=[first]) if first else ""


def keep(user: User, tour: Tour) -> None:
    """Keep how far a user is."""
    User.objects.filter(pk=user.pk).update(tour=tour.kept())


def offer(demo: Demo) -> None:
    """Offer everybody who may sign in to the demo the story of their role; begun ones go on."""
    for role, name, _ in demo.sign_ins:
        story = role.partition(",")[0]
        User.objects.filter(username=name, tour={}).update(tour={"role": story})
