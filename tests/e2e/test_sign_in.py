"""The first thing anyone does."""

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("phone", [False, True])
def test_a_person_signs_in_and_sees_home(world, screen, phone):
    kim = world.user("kim", role="operations")
    window = screen("kim", phone=phone)

    window.sign_in(kim)

    window.look("home")
