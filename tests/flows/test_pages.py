"""Every page for every role: it opens, or says that it is not for them."""

import pytest

from b2b.models import Company
from oms.roles import ROLES
from tests.e2e.pages import STAFF, business_pages, kinds_of_pages
from tests.e2e.shop import filled

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ROLES)
def test_pages_open_for_those_whose_work_they_are_and_for_no_one_else(world, role):
    shop = filled(world)
    pages = kinds_of_pages(shop) | business_pages(shop)
    user = world.user("kim", role=role, at=["rotterdam"])
    Company.objects.update(sales_rep=user)
    browser = world.browser(user)

    for address, permission in pages.items():
        answer = browser.get(address)
        allowed = user.is_staff if permission == STAFF else user.has_perm(permission)
        if permission and not allowed:
            assert answer.status_code == 403, address
        else:
            assert answer.status_code == 200, address
            assert answer.content.decode().count("<h1") == 1, address
