import pytest

from tests.orders.following.telling import Told


@pytest.fixture
def tell(world):
    return Told(world)
