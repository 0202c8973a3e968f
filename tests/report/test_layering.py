from hypothesis import given
from hypothesis import strategies as some

from edgelint.report._page.layering import HEIGHT, WIDTH, drawn


@some.composite
def graphs(draw):
    """So many boxes, and edges from lower to higher ones."""
    count = draw(some.integers(1, 12))
    pairs = [(one, other) for one in range(count) for other in range(one + 1, count)]
    return count, draw(some.lists(some.sampled_from(pairs), unique=True, max_size=20)) if pairs else []


@given(graphs())
def test_boxes_stand_apart_and_inside(graph):
    found = drawn(*graph)
    for number, (x, y) in enumerate(found.boxes):
        assert 0 <= x <= found.width - WIDTH
        assert 0 <= y <= found.height - HEIGHT
        for left, top in found.boxes[:number]:
            assert abs(x - left) >= WIDTH or abs(y - top) >= HEIGHT


@given(graphs())
def test_lines_run_from_box_to_box_and_to_the_right(graph):
    count, edges = graph
    found = drawn(count, edges)
    for (start, end), line in zip(edges, found.lines, strict=True):
        (x, y), (left, top) = found.boxes[start], found.boxes[end]
        assert line[0] == (x + WIDTH, y + HEIGHT / 2)
        assert line[-1] == (left, top + HEIGHT / 2)
        assert [point[0] for point in line] == sorted(point[0] for point in line)


@given(graphs())
def test_lines_pass_no_box_but_their_own(graph):
    count, edges = graph
    found = drawn(count, edges)
    for line in found.lines:
        for (x, y), (end, other) in zip(line[1:-1:2], line[2:-1:2], strict=True):
            assert y == other
            assert not any(left == x and top < y < top + HEIGHT for left, top in found.boxes)
            assert end - x == WIDTH


def test_few_lines_cross():
    found = drawn(4, [(0, 3), (1, 2)])
    (_, first), (_, second), (_, third), (_, fourth) = found.boxes
    assert (first < second) == (fourth < third)


@given(graphs())
def test_a_drawing_is_always_the_same(graph):
    assert drawn(*graph) == drawn(*graph)
