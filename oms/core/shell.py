"""What surrounds every staff page: sections with their counts, the location worked in, finding.

The rooms contribute by dotted path (`NAVIGATION`, `SHELL_LOCATIONS`, `FINDERS`, and, where a
business wants them, `SHELL_NOTICES`, `SHELL_VIEWS` and `SHELL_ELSEWHERE`); this file imports none
of them. Nothing is asked of the database until a template uses it, and nothing at all for someone
who is not signed in.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, TypeVar, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string

from oms.core import parts, tours
from oms.core.models import User

log = logging.getLogger(__name__)

CHOSEN = "shell_location"
View = TypeVar("View", bound=Callable[..., HttpResponse])


@dataclass(frozen=True)
class Found:
    """One answer of the command palette: a document, a person, a SKU or something to do."""

    label: str
    detail: str
    url: str
    icon: str = "i-next"


class Place(NamedTuple):
    """A location someone works at."""

    code: str
    name: str


@dataclass(frozen=True)
class NavItem:
    """A section of the house. `current` is the value of `aria-current`, empty elsewhere."""

    label: str
    url: str
    icon: str
    count: int | None
    current: str


@dataclass(frozen=True)
class NavGroup:
    """Sections that belong together. The first group has no label."""

    label: str
    items: tuple[NavItem, ...]


@dataclass(frozen=True)
class Notices:
    """Where notices are read, and how many are new."""

    url: str
    count: int


@lru_cache(maxsize=256)
def part(path: str) -> Callable[..., Any] | None:
    """Return what `path` names; None, and a line in the log, when no such room is built."""
    try:
        named: Callable[..., Any] = import_string(path)
    except ImportError as error:
        log.warning("The shell does without %s: %s", path, error)
        return None
    return named


def address(name: str) -> str:
    """Return the address of a page by its name, empty when there is no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def places_of(user: User) -> tuple[Place, ...]:
    """Return the locations `user` works at, by `SHELL_LOCATIONS`."""
    path = getattr(settings, "SHELL_LOCATIONS", "")
    ask = part(path) if path else None
    return tuple(Place(*each) for each in ask(user)) if ask else ()


class Elsewhere(NamedTuple):
    """Where somebody belongs who is no colleague: their first page, and the layout of theirs."""

    home: str
    layout: str


class Shell:
    """The shell of one request. Every part is worked out when a template first asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def user(self) -> User | None:
        """Who is signed in."""
        user = getattr(self.request, "user", None)
        return user if isinstance(user, User) and user.is_authenticated else None

    @cached_property
    def brand(self) -> str:
        """What this installation calls itself."""
        return str(getattr(settings, "SHELL_BRAND", "Order desk"))

    @property
    def theme(self) -> str:
        """What the user chose: system, light or dark."""
        return self.user.theme if self.user else "system"

    @property
    def first_theme(self) -> str:
        """The theme a page starts with before the device is asked."""
        return "dark" if self.theme == "dark" else "light"

    @cached_property
    def elsewhere(self) -> Elsewhere | None:
        """Where a user without any role belongs, by `SHELL_ELSEWHERE`: dotted paths of f(user)."""
        if not self.user or self.user.is_superuser or self.user.get_all_permissions():
            return None
        asked = (part(path) for path in getattr(settings, "SHELL_ELSEWHERE", ()))
        return next((found for ask in asked if ask and (found := ask(self.user))), None)

    @property
    def layout(self) -> str:
        """The layout of a page that colleagues and others may meet."""
        if self.elsewhere:
            return self.elsewhere.layout
        return "base.html" if self.user else "public.html"

    @property
    def home(self) -> str:
        return self.elsewhere.home if self.elsewhere else address("core:home") or "/"

    @property
    def user_name(self) -> str:
        return (self.user.get_full_name() or self.user.get_username()) if self.user else ""

    @property
    def user_email(self) -> str:
        return self.user.email if self.user else ""

    @property
    def user_initials(self) -> str:
        words = self.user_name.replace(".", " ").split()
        return "".join(word[0] for word in words[:2]).upper()

    @property
    def logout_url(self) -> str:
        return address("logout")

    @property
    def password_url(self) -> str:
        return address("password_change")

    @property
    def request_id(self) -> str:
        """What to name when asking for help with this page."""
        return str(self.request.META.get("oms.request_id", ""))

    @cached_property
    def locations(self) -> tuple[Place, ...]:
        """Where the user works. One query at most."""
        return places_of(self.user) if self.user else ()

    @cached_property
    def location(self) -> Place | None:
        """The location chosen in the switcher; None for all of the user's."""
        chosen = self.request.session.get(CHOSEN) if self.user else None
        return next((place for place in self.locations if place.code == chosen), None)

    @cached_property
    def location_codes(self) -> tuple[str, ...]:
        """The codes that every list is narrowed to: the chosen one, or all of the user's."""
        if self.location:
            return (self.location.code,)
        return tuple(place.code for place in self.locations)

    @cached_property
    def parts(self) -> frozenset[str]:
        """The parts of the house that are there: what other rooms may link to."""
        return parts.present()

    @cached_property
    def navigation(self) -> tuple[NavGroup, ...]:
        """The sections the user may see, in their groups. One query at most for each count."""
        if not self.user:
            return ()
        entries = [
            (entry, url)
            for entry in getattr(settings, "NAVIGATION", ())
            if self._may(entry.get("permission")) and (url := address(entry["url"]))
        ]
        here = self._current([url for _, url in entries])
        items = [
            (
                entry.get("group", ""),
                NavItem(
                    label=str(entry["label"]),
                    url=url,
                    icon=entry["icon"],
                    count=self._count(entry.get("count", "")),
                    current=("page" if url == self.request.path else "true") if url == here else "",
                ),
            )
            for entry, url in entries
        ]
        return tuple(
            NavGroup(group, tuple(item for its, item in items if its == group))
            for group in dict.fromkeys(group for group, _ in items)
        )

    @cached_property
    def notices(self) -> Notices | None:
        """The bell, by `SHELL_NOTICES = {"url": name, "count": dotted path of f(user) -> int}`."""
        named = getattr(settings, "SHELL_NOTICES", None)
        if not (self.user and named and (url := address(named["url"]))):
            return None
        ask = part(named["count"])
        return Notices(url, int(ask(self.user)) if ask else 0)

    @cached_property
    def tour(self) -> tours.Tour | None:
        """The guided tour the user is offered, in a demo shop."""
        return tours.tour_of(self.user) if self.user else None

    @cached_property
    def saved_views(self) -> Sequence[tuple[str, str]]:
        """The user's own lists, by `SHELL_VIEWS`: dotted path of f(user) -> [(label, address)]."""
        path = getattr(settings, "SHELL_VIEWS", "")
        ask = part(path) if path and self.user else None
        return tuple(ask(self.user)) if ask else ()

    def _may(self, permission: str | Iterable[str] | None) -> bool:
        if not self.user or not permission:
            return True
        wanted = [permission] if isinstance(permission, str) else permission
        return any(self.user.has_perm(each) for each in wanted)

    def _count(self, path: str) -> int | None:
        ask = part(path) if path else None
        counted: int | None = ask(self.user, self.location_codes) if ask else None
        return counted

    def _current(self, urls: Sequence[str]) -> str:
        path = self.request.path
        inside = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
        return max(inside, key=len, default="")


def shell(request: HttpRequest) -> dict[str, object]:
    """Context processor: `shell`, which costs nothing until it is used."""
    return {"shell": shell_of(request)}


def shell_of(request: HttpRequest) -> Shell:
    """Return the one shell of a request."""
    kept = getattr(request, "oms_shell", None)
    if isinstance(kept, Shell):
        return kept
    made = Shell(request)
    request.oms_shell = made  # type: ignore[attr-defined]
    return made


def working_locations(request: HttpRequest) -> tuple[str, ...]:
    """Return the codes of the locations a staff list shows: the chosen one, or all one has."""
    return shell_of(request).location_codes


def for_colleagues(view: View) -> View:
    """Refuse a page that needs no permission to those who belong elsewhere."""

    @functools.wraps(view)
    def call(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if shell_of(request).elsewhere:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return cast(View, call)


def find(query: str, user: User) -> list[Found]:
    """Ask every finder in turn; a query of less than two letters finds nothing."""
    if len(query) < 2:
        return []
    askable = [part(path) for path in getattr(settings, "FINDERS", ())]
    return [found for ask in askable if ask for found in ask(query, user)]


def sections(request: HttpRequest, query: str) -> list[Found]:
    """Return the sections whose name begins with or holds `query`; all of them for none."""
    wanted = query.casefold()
    return [
        Found(label=item.label, detail="", url=item.url, icon=item.icon)
        for group in shell_of(request).navigation
        for item in group.items
        if wanted in item.label.casefold()
    ]
