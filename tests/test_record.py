"""Records against the frozen dataclasses they stand for."""

import copy
import pickle
from dataclasses import dataclass

import pytest

from edgelint.record import field, record, replace


@record
class Pair:
    """Two things, and a note that does not count."""

    one: int
    two: tuple = ()
    note: str = field(default="", compare=False)

    def total(self):
        return self.one + len(self.two)


@record
class Other:
    one: int
    two: tuple = ()
    note: str = ""


@record(eq=False)
class Thing:
    name: str


@record(order=True)
class Moment:
    seconds: int
    offset: int = field(default=0, compare=False)


@record
class Bag:
    items: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Model:
    one: int
    two: tuple = ()
    note: str = ""


@pytest.mark.parametrize(
    ("values", "named"), [((1,), {}), ((1, (2,)), {}), ((1, (2,), "n"), {}), ((), {"one": 1}), ((1,), {"note": "n"})]
)
def test_a_record_is_made_as_a_dataclass_is(values, named):
    made, model = Pair(*values, **named), Model(*values, **named)
    assert (made.one, made.two, made.note) == (model.one, model.two, model.note)
    assert repr(made) == repr(model).replace("Model", "Pair")


@pytest.mark.parametrize(
    ("values", "named"), [((), {}), ((1, (), "", 4), {}), ((1,), {"one": 1}), ((1,), {"three": 3}), ((), {"two": ()})]
)
def test_wrong_arguments_are_refused_as_a_dataclass_refuses_them(values, named):
    for kind in (Pair, Model):
        with pytest.raises(TypeError):
            kind(*values, **named)


def test_records_are_equal_by_class_and_compared_fields():
    assert Pair(1, note="a") == Pair(1, note="b")
    assert hash(Pair(1, note="a")) == hash(Pair(1, note="b"))
    assert Pair(1) != Pair(2)
    assert Pair(1) != Other(1)
    assert Thing("a") != Thing("a")
    assert len({Pair(1), Pair(1), Other(1)}) == 2


def test_ordered_records_compare_like_tuples_and_with_their_own_kind_only():
    assert Moment(1) < Moment(2) <= Moment(2, 5) >= Moment(2) > Moment(1)
    with pytest.raises(TypeError):
        Moment(1) < Pair(1)  # noqa: B015


def test_a_record_cannot_be_changed_but_replaced():
    pair = Pair(1)
    with pytest.raises(AttributeError, match="one"):
        pair.one = 2
    with pytest.raises(AttributeError):
        del pair.one
    with pytest.raises(AttributeError):
        pair.three = 3
    assert replace(pair, one=2, note="n").total() == 2
    with pytest.raises(TypeError):
        replace(pair, three=3)


def test_each_record_has_a_default_of_its_own():
    Bag().items["a"] = 1
    assert Bag().items == {}


def test_records_are_matched_copied_and_pickled():
    match Pair(1, (2,)):
        case Pair(one, two):
            assert (one, two) == (1, (2,))
    for again in (copy.copy(Pair(1)), copy.deepcopy(Pair(1)), pickle.loads(pickle.dumps(Pair(1)))):
        assert again == Pair(1)
