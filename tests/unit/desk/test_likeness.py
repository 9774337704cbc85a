"""Whether two questions are alike."""

from array import array

import pytest

from desk.likeness import likeness, nearest


def vector(*parts):
    return array("b", parts).tobytes()


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (vector(127, 0), vector(127, 0), 1.0),
        (vector(127, 0), vector(1, 0), 1.0),
        (vector(127, 0), vector(0, 127), 0.0),
        (vector(127, 0), vector(-127, 0), -1.0),
        (vector(90, 90), vector(127, 0), 0.707),
        (vector(0, 0), vector(127, 0), 0.0),
        (vector(1, 2, 3), vector(1, 2), 0.0),
        (b"", b"", 0.0),
    ],
)
def test_vectors_of_one_direction_are_alike(one, other, expected):
    assert likeness(one, other) == pytest.approx(expected, abs=0.01)


def test_the_nearest_is_found_where_it_is_near_enough():
    others = [(1, vector(0, 127)), (2, vector(120, 40)), (3, vector(127, 5))]
    assert nearest(vector(127, 0), others) == 3
    assert nearest(vector(-127, 0), others) is None
    assert nearest(vector(127, 0), []) is None
