"""Boxes in layers."""

from __future__ import annotations

import random

import pytest

from ranvier.model.layout import APART, ASIDE, layered


def overlaps(layout, sizes):
    boxes = list(zip(layout.centers, sizes, strict=True))
    return [
        (i, j)
        for i, ((x, y), (w, h)) in enumerate(boxes)
        for j, ((u, v), (s, t)) in enumerate(boxes[:i])
        if abs(x - u) < (w + s) / 2 - 1e-6 and abs(y - v) < (h + t) / 2 - 1e-6
    ]


def test_a_chain_is_a_column():
    layout = layered([(40, 20), (60, 30), (20, 10)], [(0, 1), (1, 2)])
    assert [x for x, _ in layout.centers] == [30, 30, 30]
    assert [y for _, y in layout.centers] == [10, 20 + APART + 15, 50 + 2 * APART + 5]
    assert layout.paths[0, 1] == [(30, 20), (30, 20 + APART)]
    assert layout.size == (60, 60 + 2 * APART)


def test_branches_stand_side_by_side_about_the_middle():
    layout = layered([(40, 20)] * 4, [(0, 1), (0, 2), (1, 3), (2, 3)])
    (a, _), (b, _), (c, _), (d, _) = layout.centers
    assert abs(c - b) == 40 + ASIDE and a == d == pytest.approx((b + c) / 2)


def test_an_edge_past_a_layer_goes_round_its_boxes():
    sizes = [(40, 20)] * 3
    layout = layered(sizes, [(0, 1), (1, 2), (0, 2)])
    (x, y), (width, height) = layout.centers[1], sizes[1]
    bends = layout.paths[0, 2][1:-1]
    assert len(bends) == 2
    assert all(abs(px - x) >= width / 2 + ASIDE for px, _ in bends)
    assert [py for _, py in bends] == [y - height / 2, y + height / 2]


@pytest.mark.parametrize("seed", range(20))
def test_nothing_overlaps_and_edges_lead_down(seed):
    rng = random.Random(seed)
    count = rng.randint(2, 25)
    sizes = [(rng.uniform(20, 200), rng.uniform(10, 60)) for _ in range(count)]
    edges = [(a, b) for b in range(1, count) for a in range(b) if rng.random() < 2 / count]
    layout = layered(sizes, edges)
    assert not overlaps(layout, sizes)
    width, height = layout.size
    for (x, y), (w, h) in zip(layout.centers, sizes, strict=True):
        assert w / 2 - 1e-6 <= x <= width - w / 2 + 1e-6
        assert h / 2 - 1e-6 <= y <= height - h / 2 + 1e-6
    for (a, b), path in layout.paths.items():
        assert path[0][1] == pytest.approx(layout.centers[a][1] + sizes[a][1] / 2)
        assert path[-1][1] == pytest.approx(layout.centers[b][1] - sizes[b][1] / 2)
        assert [y for _, y in path] == sorted(y for _, y in path)


def test_edges_back_to_itself_and_none():
    assert layered([], []).size == (0, 0)
    assert layered([(10, 10)], [(0, 0)]).paths == {}
    back = layered([(10, 10)] * 2, [(1, 0)])
    assert back.paths[1, 0][0][1] > back.paths[1, 0][-1][1]
