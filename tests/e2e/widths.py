"""At which width a story is told each time, and at which in the long run only."""

import pytest

OFFICE = [
    pytest.param(False, id="desktop"),
    pytest.param(True, id="phone", marks=pytest.mark.full),
]
"""Work that is mostly done at a desk."""

HAND = [
    pytest.param(True, id="phone"),
    pytest.param(False, id="desktop", marks=pytest.mark.full),
]
"""What is mostly done with a phone in the hand."""
