"""The fixed-margin sampler against full enumeration, and what is counted over its samples."""

import sys
from itertools import product

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.stats import chisquare

from r2p_analysis import nulls
from r2p_analysis.nulls import bits, lists, sampler
from r2p_analysis.nulls.fdsm import tally

FIVE = np.array([[1, 1, 0, 0, 0], [1, 0, 1, 0, 0], [0, 1, 1, 1, 0], [1, 0, 0, 0, 1], [1, 0, 0, 1, 0]])
HOLES = np.eye(5, dtype=bool)


def everyone(matrix, fixed=None):
    """Every matrix with these margins and fixed cells, by going through the subsets of each row."""
    fixed = np.zeros(matrix.shape, dtype=bool) if fixed is None else fixed
    found = [()]
    for given, held in zip(matrix, fixed, strict=True):
        rows = [r for r in product((0, 1), repeat=len(given)) if sum(r) == sum(given)]
        rows = [r for r in rows if all(r[k] == given[k] for k in np.flatnonzero(held))]
        found = [(*head, row) for head in found for row in rows]
        found = [f for f in found if (np.sum(f, axis=0) <= matrix.sum(0)).all()]
    return [m for m in map(np.array, found) if (m.sum(0) == matrix.sum(0)).all()]


def uniformity(matrix, fixed=None, n=20_000, seed=1, **options):
    """P-value of a chi-square test that all matrices are equally likely, and how many there are."""
    places = {m.astype(bool).tobytes(): k for k, m in enumerate(everyone(matrix, fixed))}
    drawn = nulls.samples(matrix, n, np.random.default_rng(seed), structural=fixed, **options)
    counts = np.bincount([places[m.tobytes()] for m in drawn], minlength=len(places))
    return chisquare(counts).pvalue, len(places)


def test_five_by_five_is_uniform():
    p, n = uniformity(FIVE)
    assert n == len(everyone(FIVE.T)) == 528
    assert p > 0.01


def test_five_by_five_with_a_structural_diagonal_is_uniform():
    matrix = FIVE[[4, 0, 1, 2, 3]] * ~HOLES
    p, n = uniformity(matrix, HOLES, n=8000)
    assert n == 11
    assert p > 0.01


def test_a_matrix_that_no_trade_can_leave_is_left_by_a_walk():
    # Two derangements of three; no two rows have two free columns in common.
    cycle = np.array([[0, 1, 0], [0, 0, 1], [1, 0, 0]])
    p, n = uniformity(cycle, np.eye(3, dtype=bool), n=4000)
    assert n == 2
    assert p > 0.01


def test_structural_ones_are_kept_as_well():
    fixed = np.zeros((5, 5), dtype=bool)
    fixed[0, 0] = fixed[3, 4] = True
    p, n = uniformity(FIVE, fixed, n=8000)
    assert n > 20
    assert p > 0.01


@pytest.mark.parametrize("columns", [63, 64, 65, 130])
def test_margins_are_kept_whatever_the_number_of_words(columns):
    rng = np.random.default_rng(columns)
    matrix = rng.random((7, columns)) < 0.3
    fixed = rng.random((7, columns)) < 0.1
    drawn = list(nulls.samples(matrix, 20, rng, structural=fixed))
    assert len(drawn) == 20
    for one in drawn:
        assert one.dtype == bool
        assert np.array_equal(one.sum(0), matrix.sum(0))
        assert np.array_equal(one.sum(1), matrix.sum(1))
        assert np.array_equal(one[fixed], matrix[fixed])
    assert any((one != matrix).any() for one in drawn)


def test_every_subset_of_a_size_is_equally_likely():
    given = np.full((1, 20_000), 0b1011010, dtype=np.uint64)
    drawn = bits.subset(given, np.full(20_000, 2), np.random.default_rng(7))
    values, counts = np.unique(drawn, return_counts=True)
    assert len(values) == 6
    assert ((values & ~np.uint64(0b1011010)) == 0).all()
    assert chisquare(counts).pvalue > 0.01
    for size in (0, 4):
        assert np.unique(bits.subset(given, np.full(20_000, size), np.random.default_rng(7))).tolist() == [
            0b1011010 if size else 0
        ]


@pytest.mark.parametrize("cells", [12, 1 << 20])
def test_lists_are_uniform_as_well(monkeypatch, cells):
    monkeypatch.setattr(lists, "thin", lambda matrix: True)
    monkeypatch.setattr(lists, "_CELLS", cells)  # pairs of one round in several blocks
    matrix = FIVE[:3]
    places = {m.astype(np.uint8).tobytes(): k for k, m in enumerate(everyone(matrix))}
    drawn = nulls.samples(csr_array(matrix), 1500, np.random.default_rng(4), burn_in=20, thinning=8)
    counts = np.bincount([places[m.toarray().tobytes()] for m in drawn], minlength=len(places))
    assert chisquare(counts).pvalue > 0.01


def test_a_thin_sparse_matrix_gives_sparse_ones_with_its_margins():
    rng = np.random.default_rng(2)
    matrix = (rng.random((41, 900)) < np.where(np.arange(41) == 5, 0.2, 0.008)[:, None]).astype(int)
    matrix[7] = 0
    drawn = list(nulls.samples(csr_array(matrix), 3, rng))
    for one in drawn:
        assert one.nnz == matrix.sum()
        assert np.array_equal(one.sum(0), matrix.sum(0))
        assert np.array_equal(one.sum(1), matrix.sum(1))
        assert one.toarray().max() == 1
    assert len({one.toarray().tobytes() for one in drawn}) == 3
    with pytest.raises(ValueError, match="number of samples=0: a whole number from 1"):
        next(nulls.samples(csr_array(matrix), 0, rng))


@pytest.fixture
def compiled():
    """The compiled loops; without numba there is nothing to compare."""
    pytest.importorskip("numba", reason="numba is not installed (the extra fast)")
    from r2p_analysis.nulls import compiled

    return compiled


def both_ways(monkeypatch, call):
    """What a call gives with compiled loops for every job, and without them for any."""
    for worth in (0, 1 << 62):
        monkeypatch.setattr(bits, "_WORTH", worth)
        yield call()


@pytest.mark.parametrize("shape", [(7, 3), (40, 64), (31, 130), (300, 20)])
@pytest.mark.parametrize("holes", [False, True])
def test_compiled_loops_draw_the_same_matrices(compiled, monkeypatch, shape, holes):
    matrix = np.random.default_rng(5).random(shape) < 0.3
    fixed = np.eye(*shape, dtype=bool) if holes else None
    used = []
    monkeypatch.setattr(compiled, "halve", lambda *a, halve=compiled.halve: used.append(1) or halve(*a))
    drawn = both_ways(
        monkeypatch, lambda: list(nulls.samples(matrix, 70, np.random.default_rng(2), structural=fixed, thinning=3))
    )
    fast, used_by_fast, slow = next(drawn), len(used), next(drawn)
    assert np.array_equal(fast, slow)
    assert used_by_fast == len(used) > 0
    assert len({m.tobytes() for m in fast}) > 1


@pytest.mark.parametrize("width", [1_000, 9_000])
def test_compiled_loops_trade_the_same_entries_of_lists(compiled, monkeypatch, width):
    held = np.random.default_rng(5).random((200, width)) < np.where(np.arange(200) < 3, 0.1, 0.004)[:, None]
    matrix = csr_array(held.astype(np.uint8))
    monkeypatch.setattr(lists, "_CELLS", 30 * width)
    fast, slow = both_ways(monkeypatch, lambda: list(nulls.samples(matrix, 2, np.random.default_rng(2))))
    assert lists.thin(matrix)
    assert all(np.array_equal(a.indices, b.indices) for a, b in zip(fast, slow, strict=True))
    assert not np.array_equal(fast[0].indices, matrix.indices)


@pytest.mark.parametrize("tail", ["upper", "lower", "two-sided"])
def test_compiled_loops_count_the_same_overlaps(compiled, monkeypatch, tail):
    matrix = np.random.default_rng(5).random((300, 70)) < 0.3
    fast, slow = both_ways(monkeypatch, lambda: nulls.fdsm(matrix, 40, np.random.default_rng(2), tail))
    assert np.array_equal(fast, slow, equal_nan=True)


def test_without_numba_numpy_does_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.delitem(sys.modules, "r2p_analysis.nulls.compiled", raising=False)
    monkeypatch.delattr(nulls, "compiled", raising=False)
    assert bits.compiled_loops(1 << 40) is None
    assert bits.compiled_loops(0) is None


def test_packing_and_unpacking_are_inverse():
    matrix = np.random.default_rng(1).random((5, 70)) < 0.5
    assert np.array_equal(bits.unpack(bits.pack(matrix), matrix.shape)[0], matrix)
    assert bits.pack(matrix)[0, 0] == sum(1 << k for k in range(64) if matrix[0, k])


def test_the_same_seed_gives_the_same_matrices_and_another_one_others():
    draw = [np.array(list(nulls.samples(FIVE, 10, np.random.default_rng(seed)))) for seed in (1, 1, 2)]
    assert np.array_equal(draw[0], draw[1])
    assert not np.array_equal(draw[0], draw[2])


def test_samples_do_not_remember_each_other():
    matrix = np.random.default_rng(6).random((18, 14)) < 0.35
    held = np.array([m[:, 0] for m in nulls.samples(matrix, 256 * 20, np.random.default_rng(3))], dtype=float)
    chains = held.reshape(20, 256, 18) - held.mean(0)
    assert abs((chains[1:] * chains[:-1]).mean()) < 0.02 * (chains**2).mean()


# ---- p-values


@pytest.mark.parametrize("tail", ["upper", "lower", "two-sided"])
@pytest.mark.parametrize("fixed", [None, HOLES])
def test_fdsm_is_the_share_among_all_matrices(tail, fixed):
    matrix = FIVE if fixed is None else FIVE[[4, 0, 1, 2, 3]] * ~HOLES
    overlaps = np.array([m @ m.T for m in everyone(matrix, fixed)])
    up, down = (overlaps >= matrix @ matrix.T).mean(0), (overlaps <= matrix @ matrix.T).mean(0)
    exact = {"upper": up, "lower": down, "two-sided": np.minimum(1, 2 * np.minimum(up, down))}[tail]
    found = nulls.fdsm(matrix, 20_000 if fixed is None else 8000, np.random.default_rng(2), tail, structural=fixed)
    off = ~np.eye(5, dtype=bool)
    assert np.abs(found - exact)[off].max() < 0.025
    assert np.isnan(found.diagonal()).all()


def test_p_is_never_zero_and_counts_the_data_in():
    matrix = np.kron(np.eye(2, dtype=int), np.ones((6, 12), dtype=int))
    found = nulls.fdsm(matrix, 99, np.random.default_rng(1))
    assert found[0, 1] == 0.01
    assert found[0, 6] == 1.0


def test_more_workers_give_the_same_numbers(monkeypatch):
    pytest.importorskip("joblib")
    monkeypatch.setattr(sampler, "_SAMPLES_PER_CHAIN", 1)  # several chunks
    one, two, four = (nulls.fdsm(FIVE, 1000, np.random.default_rng(5), n_jobs=n) for n in (1, 2, 4))
    assert np.array_equal(one, two, equal_nan=True)
    assert np.array_equal(one, four, equal_nan=True)


def test_chunks_depend_on_the_matrix_only_and_have_seeds_of_their_own():
    plan = sampler.chunks(FIVE, 20_000, np.random.default_rng(5))
    assert [size for size, _ in plan] == [8192, 8192, 3616]
    assert len({seed for _, seed in plan}) == 3


def test_fdsm_and_tally_see_the_matrices_that_samples_gives():
    drawn = list(nulls.samples(FIVE, 300, np.random.default_rng(9)))
    overlaps = np.array([m.astype(int) @ m.T for m in drawn])
    found = tally(FIVE, 300, np.random.default_rng(9))
    observed = FIVE @ FIVE.T
    most, least = np.maximum(overlaps.max(0), observed), np.minimum(overlaps.min(0), observed)
    assert np.array_equal(found.at_least, (overlaps >= observed).sum(0))
    assert np.array_equal(found.at_most, (overlaps <= observed).sum(0))
    assert np.array_equal(found.at_largest, (overlaps == most).sum(0))
    assert np.array_equal(found.at_smallest, (overlaps == least).sum(0))
    assert np.array_equal(found.total, overlaps.sum(0))
    assert np.array_equal(found.squares, (overlaps**2).sum(0))
    expected = (1 + (overlaps >= observed).sum(0)) / 301
    p = nulls.fdsm(FIVE, 300, np.random.default_rng(9))
    assert np.array_equal(p[0, 1:], expected[0, 1:])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"samples": 0}, "samples=0: a whole number from 1"),
        ({"samples": 5, "tail": "both"}, "one of upper, lower, two-sided"),
        ({"samples": 5, "thinning": 0}, "thinning=0: a whole number from 1"),
        ({"samples": 5, "burn_in": -1}, "burn_in=-1: a whole number from 0"),
    ],
)
def test_what_cannot_be_sampled_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        nulls.fdsm(FIVE, rng=np.random.default_rng(1), **options)


def test_an_overlap_that_no_matrix_with_these_margins_has_is_not_attainable():
    # Rows 0 and 1 have room for a shared column by their own degrees, but then row 2 and the columns would not add up.
    found = nulls.pairs([[0, 1, 1], [1, 0, 0], [0, 0, 0]], "fdsm", samples=199, rng=np.random.default_rng(3))
    assert found.attainable[0, 1] == 1
    assert found.p[0, 1] == 1


def test_the_most_extreme_overlap_is_the_same_however_the_samples_are_cut(monkeypatch):
    whole = tally(FIVE, 400, np.random.default_rng(4))
    assert (whole.at_largest + whole.at_smallest)[np.triu_indices(5, 1)].min() > 0
    monkeypatch.setattr(sampler, "_SAMPLES_PER_CHAIN", 1)
    cut = tally(FIVE, 400, np.random.default_rng(4))
    overlaps = np.array([m.astype(int) @ m.T for m in nulls.samples(FIVE, 400, np.random.default_rng(4))])
    assert np.array_equal(cut.at_largest, (overlaps == np.maximum(overlaps.max(0), FIVE @ FIVE.T)).sum(0))


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_a_matrix_without_cells_has_nothing_to_draw_or_to_share(shape):
    empty = np.zeros(shape, dtype=int)
    assert [m.shape for m in nulls.samples(empty, 3, np.random.default_rng(1))] == [shape] * 3
    off_diagonal = ~np.eye(shape[0], dtype=bool)
    assert (nulls.fdsm(empty, 9, np.random.default_rng(1))[off_diagonal] == 1).all()
    assert (nulls.pairs(empty, "fdsm", samples=9, rng=np.random.default_rng(1)).attainable[off_diagonal] == 1).all()
