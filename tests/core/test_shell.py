"""The shell around every staff page: sections, the location switch, finding, preferences."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import include, path

from oms.core import shell
from oms.core.models import Job, User
from oms.core.shell import Found

HERE = __name__
ASKED: list[tuple[str, ...]] = []


def places(user: User) -> list[tuple[str, str]]:
    return [("LEJ", "Leipzig"), ("ROT", "Rotterdam")] if user.username != "new" else []


def jobs_waiting(user: User, locations: tuple[str, ...]) -> int:
    ASKED.append(locations)
    return Job.objects.count()


def find_orders(query: str, user: User) -> list[Found]:
    return [Found("SO-10482", "Robin Vale", "/orders/SO-10482/", "i-orders")]


def find_people(query: str, user: User) -> list[Found]:
    return [Found("Robin <b>Vale", "7 orders", "/people/1/", "i-user")]


def page(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, f"{name}.html")


urlpatterns = [
    path("", include("oms.core.urls")),
    path("accounts/", include("django.contrib.auth.urls")),
    path("orders/", page, {"name": "404"}, name="orders"),
    path("orders/late/", page, {"name": "404"}, name="late"),
    path("jobs/", page, {"name": "404"}, name="jobs"),
    path("show/<str:name>/", page),
]

pytestmark = pytest.mark.urls(HERE)


@pytest.fixture(autouse=True)
def _rooms(settings: SimpleNamespace) -> None:
    settings.SHELL_LOCATIONS = f"{HERE}.places"
    settings.FINDERS = (f"{HERE}.find_orders", f"{HERE}.find_people")
    settings.NAVIGATION = (
        {"label": "Orders", "url": "orders", "icon": "i-orders"},
        {"label": "Late", "url": "late", "icon": "i-clock", "permission": ("core.add_job",)},
        {
            "label": "Jobs",
            "url": "jobs",
            "icon": "i-gear",
            "permission": "core.view_job",
            "count": f"{HERE}.jobs_waiting",
            "group": "Running",
        },
        {"label": "Not built yet", "url": "nowhere", "icon": "i-gear"},
    )
    ASKED.clear()


@pytest.fixture
def user(db: None) -> User:
    made = User.objects.create_user(
        "olivia", "olivia@example.com", first_name="Olivia", last_name="Lund"
    )
    made.user_permissions.add(Permission.objects.get(codename="view_job"))
    return User.objects.get(pk=made.pk)


@pytest.fixture
def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@contextmanager
def queries(count: int) -> Iterator[None]:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        yield
    assert len(seen) == count, [query["sql"] for query in seen]


def asking(user: User | AnonymousUser, address: str = "/orders/", **session: str) -> HttpRequest:
    request = RequestFactory().get(address)
    request.user = user
    request.session = session  # type: ignore[assignment]
    return request


# ── Sections and what they cost ──────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_someone_who_is_not_signed_in_costs_nothing_and_sees_nothing() -> None:
    with queries(0):
        made = shell.shell_of(asking(AnonymousUser()))
        assert made.navigation == ()
        assert (made.locations, made.location, made.notices) == ((), None, None)
        assert made.layout == "public.html"


@pytest.mark.django_db
def test_a_template_that_does_not_use_the_shell_does_not_pay_for_it(user: User) -> None:
    with queries(0):
        Template("Hello").render(Context(shell.shell(asking(user))))


def test_each_count_is_one_query(user: User) -> None:
    user.get_all_permissions()

    with queries(1):
        navigation = shell.shell_of(asking(user)).navigation

    assert [
        (group.label, [(item.label, item.count) for item in group.items]) for group in navigation
    ] == [("", [("Orders", None)]), ("Running", [("Jobs", 0)])]


def test_the_deepest_section_is_the_current_one(user: User) -> None:
    user.is_superuser = True

    def current(address: str) -> dict[str, str]:
        unlabelled, _ = shell.shell_of(asking(user, address)).navigation
        return {item.label: item.current for item in unlabelled.items}

    assert current("/orders/") == {"Orders": "page", "Late": ""}
    assert current("/orders/SO-1/") == {"Orders": "true", "Late": ""}
    assert current("/orders/late/") == {"Orders": "", "Late": "page"}
    assert current("/elsewhere/") == {"Orders": "", "Late": ""}


# ── The location worked in ───────────────────────────────────────────────────────────────────


def test_counts_and_lists_are_narrowed_to_the_chosen_location(user: User) -> None:
    everywhere, chosen = asking(user), asking(user, shell_location="LEJ")

    assert shell.working_locations(everywhere) == ("LEJ", "ROT")
    assert shell.working_locations(chosen) == ("LEJ",)
    assert shell.shell_of(chosen).navigation
    assert ASKED == [("LEJ",)]


def test_a_location_that_is_not_ones_own_any_more_is_forgotten(user: User) -> None:
    assert shell.working_locations(asking(user, shell_location="EWR")) == ("LEJ", "ROT")


def test_the_switch_is_kept_in_the_session_and_leads_back(signed_in: Client) -> None:
    answer = signed_in.post("/switch-location/", {"location": "ROT", "next": "/orders/?page=2"})

    assert answer.headers["Location"] == "/orders/?page=2"
    assert signed_in.session["shell_location"] == "ROT"
    assert (
        '<span class="o-place text-truncate">Rotterdam</span>'
        in signed_in.get("/orders/").content.decode()
    )

    signed_in.post("/switch-location/", {"location": ""})
    assert "shell_location" not in signed_in.session


def test_the_switch_refuses_other_peoples_locations_and_other_sites(signed_in: Client) -> None:
    answer = signed_in.post(
        "/switch-location/", {"location": "EWR", "next": "https://elsewhere.example/"}
    )

    assert answer.headers["Location"] == "/find/"
    assert "shell_location" not in signed_in.session
    assert signed_in.get("/switch-location/").status_code == 405


# ── Finding ──────────────────────────────────────────────────────────────────────────────────


def test_finding_asks_every_finder_and_the_sections(signed_in: Client) -> None:
    whole = signed_in.get("/find/", {"q": "or"}).content.decode()
    part = signed_in.get("/find/", {"q": "or"}, headers={"HX-Request": "true"}).content.decode()

    assert "<h1>" in whole
    assert "SO-10482" in whole
    assert "<h1>" not in part
    assert part.count('role="option"') == 3
    assert "Robin &lt;b&gt;Vale" in part


def test_one_letter_finds_sections_only(signed_in: Client) -> None:
    answer = signed_in.get("/find/", {"q": "j"}, headers={"HX-Request": "true"}).content.decode()

    assert "Jobs" in answer
    assert "SO-10482" not in answer


def test_nothing_found_is_said(signed_in: Client, settings: SimpleNamespace) -> None:
    settings.FINDERS = ()

    answer = signed_in.get("/find/", {"q": "<zz>"}, headers={"HX-Request": "true"})

    assert "Nothing found for “&lt;zz&gt;”." in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/find/", "/preferences/", "/components/"])
def test_the_shells_pages_are_for_people_who_signed_in(address: str) -> None:
    answer = Client().get(address)

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")


# ── Preferences, gallery, failures ───────────────────────────────────────────────────────────


def test_a_theme_is_kept_and_served_with_the_page(signed_in: Client, user: User) -> None:
    signed_in.post("/preferences/", {"theme": "dark"})

    user.refresh_from_db()
    assert user.theme == "dark"
    assert 'data-theme="dark" data-bs-theme="dark"' in signed_in.get("/orders/").content.decode()


def test_a_theme_that_does_not_exist_changes_nothing(signed_in: Client, user: User) -> None:
    answer = signed_in.post("/preferences/", {"theme": "neon"})

    assert answer.status_code == 422
    assert "data-error-summary" in answer.content.decode()
    user.refresh_from_db()
    assert user.theme == "system"


def test_the_gallery_is_for_staff(signed_in: Client, user: User) -> None:
    assert signed_in.get("/components/").status_code == 403

    User.objects.filter(pk=user.pk).update(is_staff=True)
    assert signed_in.get("/components/").status_code == 200


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500", "503"])
def test_failures_are_told_in_the_layout_of_who_meets_them(signed_in: Client, name: str) -> None:
    inside = signed_in.get(f"/show/{name}/").content.decode()
    outside = Client().get(f"/show/{name}/").content.decode()

    assert inside.count("<h1") == outside.count("<h1") == 1
    assert "o-side" not in outside
    assert ("o-side" in inside) == (name not in {"500", "403_csrf"})


def test_the_shell_has_landmarks_a_skip_link_and_where_one_is(signed_in: Client) -> None:
    told = signed_in.get("/orders/").content.decode()

    assert told.count("<main ") == told.count("<header ") == 1
    assert 'href="#main"' in told
    assert 'aria-current="page"' in told
    assert "OL</summary>" in told
