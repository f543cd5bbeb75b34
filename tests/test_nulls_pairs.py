"""One front for all null models, and pairs of matrices whose square array does not fit."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from r2p_analysis import nulls
from r2p_analysis.nulls import overlaps

EXTERNAL = Path(__file__).resolve().parents[2] / "shared"
MATRIX = np.random.default_rng(1).random((12, 20)) < np.random.default_rng(2).uniform(0.2, 0.8, (12, 1))
OFF = ~np.eye(12, dtype=bool)


@pytest.mark.parametrize("null", ["sdsm", "hypergeometric", "fixed_rows"])
@pytest.mark.parametrize("tail", ["upper", "lower", "two-sided"])
def test_the_front_gives_what_the_null_models_give(null, tail):
    found = nulls.pairs(MATRIX, null, tail=tail)
    assert np.array_equal(found.p, getattr(nulls, null)(MATRIX, tail), equal_nan=True)
    assert np.array_equal(found.attainable, nulls.attainable(MATRIX, null, tail), equal_nan=True)
    assert np.array_equal(found.observed, MATRIX.astype(int) @ MATRIX.T)
    z = (found.observed - found.expected) / found.sd
    assert np.allclose(found.z[OFF], z[OFF])
    assert np.isnan(found.z.diagonal()).all()
    assert (found.p_error, found.null, found.tail) == (None, null, tail)


def test_expectation_and_deviation_of_each_null_model():
    degree, m = MATRIX.sum(1), 20
    d, e = int(degree[0]), int(degree[1])
    found = nulls.pairs(MATRIX, "hypergeometric")
    assert found.expected[0, 1] == pytest.approx(d * e / m)
    assert found.sd[0, 1] ** 2 == pytest.approx(d * e * (m - d) * (m - e) / (m * m * (m - 1)))
    found = nulls.pairs(MATRIX, "fixed_rows")
    q = d * e / m**2
    assert found.expected[0, 1] == pytest.approx(m * q)
    assert found.sd[0, 1] ** 2 == pytest.approx(m * q * (1 - q))
    found = nulls.pairs(MATRIX)
    expected, sd = nulls.moments(nulls.bicm(MATRIX))
    assert np.allclose(found.expected[OFF], expected[OFF])
    assert np.allclose(found.sd[OFF], sd[OFF])
    assert found.details["residual"] < 1e-10


def test_fdsm_comes_with_its_error_and_the_moments_of_its_samples():
    found = nulls.pairs(MATRIX, "fdsm", samples=400, rng=np.random.default_rng(3))
    drawn = np.array([m.astype(int) @ m.T for m in nulls.samples(MATRIX, 400, np.random.default_rng(3))])
    p = (1 + (drawn >= found.observed).sum(0)) / 401
    assert np.allclose(found.p[OFF], p[OFF])
    assert np.allclose(found.p_error[OFF], np.sqrt(p * (1 - p) / 401)[OFF])
    assert np.allclose(found.expected[OFF], drawn.mean(0)[OFF])
    assert np.allclose(found.sd[OFF], drawn.std(0, ddof=1)[OFF])
    assert (found.attainable <= found.p)[OFF].all()
    assert found.details == {"samples": 400, "chains": 256, "burn_in": 130, "thinning": 13}


def test_the_error_of_a_two_sided_p_is_that_of_twice_a_tail():
    found = nulls.pairs(MATRIX, "fdsm", tail="two-sided", samples=400, rng=np.random.default_rng(3))
    tail = found.p[found.p < 1] / 2
    assert np.allclose(found.p_error[found.p < 1], 2 * np.sqrt(tail * (1 - tail) / 401))


def test_a_pair_without_choice_has_no_z():
    found = nulls.pairs(np.tri(4, dtype=int))
    assert np.isnan(found.z).all()
    assert (found.p[~np.eye(4, dtype=bool)] == 1).all()


def test_the_methods_sentence_has_the_numbers_of_the_run():
    text = nulls.pairs(MATRIX, tail="lower").methods
    assert "66 pairs of 12 rows" in text
    assert "of 20 columns" in text
    assert "lower tail" in text
    able = (nulls.attainable(MATRIX, tail="lower")[np.triu_indices(12, 1)] <= 0.05).sum()
    assert f"{able} of the pairs could reach p = 0.05" in text
    assert re.search(r"Neal 2014, doi:10\.\d+.+Saracco et al\. 2015, doi:10\.\d+.+margins met to \de-\d\d", text)
    text = nulls.pairs(MATRIX, "fdsm", samples=50, rng=np.random.default_rng(3)).methods
    assert "50 matrices" in text
    assert "50 chains, 13 rounds of trades apart after 130 rounds" in text


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"null": "sdm"}, "one of sdsm, fdsm, hypergeometric, fixed_rows"),
        ({"tail": "both"}, "one of upper, lower, two-sided"),
        ({"null": "fdsm"}, "pass rng=numpy"),
        ({"null": "fixed_rows", "structural": MATRIX}, "knows no structural cells"),
    ],
)
def test_options_that_do_not_go_together_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        nulls.pairs(MATRIX, **options)


# ---- too big for a square


def joined(rows, columns, seed):
    """Random ties, some rows being copies of others, so that there is something to find."""
    rng = np.random.default_rng(seed)
    matrix = rng.random((rows, columns)) < np.outer(rng.lognormal(0, 0.5, rows), rng.lognormal(-3, 1, columns))
    matrix[seed::7] = matrix[seed]
    return matrix


@pytest.mark.parametrize("entries", [1, 100, 1 << 23])
@pytest.mark.parametrize("gain", [0, 10**9])
def test_blocks_are_the_upper_triangle(monkeypatch, entries, gain):
    monkeypatch.setattr(overlaps, "_ENTRIES", entries)
    monkeypatch.setattr(overlaps, "_DENSE_GAIN", gain)
    matrix = joined(30, 50, 1)
    found = np.full((30, 30), -1)
    for start, block in nulls.blocks(matrix):
        assert isinstance(block, np.ndarray) == bool(gain)
        block = block if gain else block.toarray()
        found[start : start + block.shape[0], start:] = block
    upper = np.triu_indices(30)
    assert np.array_equal(found[upper], (matrix.astype(int) @ matrix.T)[upper])


@pytest.mark.parametrize("correction", [None, "bh", "holm", "bonferroni"])
@pytest.mark.parametrize("tail", ["upper", "lower", "two-sided"])
@pytest.mark.parametrize(("entries", "gain", "guess"), [(200, 0, 50), (1 << 23, 10**9, 50), (200, 0, 10**6)])
def test_pairs_found_block_by_block_are_those_of_the_square(monkeypatch, correction, tail, entries, gain, guess):
    monkeypatch.setattr(overlaps, "_ENTRIES", entries)
    monkeypatch.setattr(overlaps, "_DENSE_GAIN", gain)
    monkeypatch.setattr(overlaps, "_GUESS", guess)
    matrix = joined(40, 150, 2)
    p, tests = nulls.sdsm(matrix, tail), 40 * 39 / 2
    adjusted = {None: p, "bonferroni": p * tests}.get(correction)
    adjusted = nulls.adjust(p, correction) if adjusted is None else adjusted
    i, j = (k for k in np.nonzero(np.triu(adjusted <= 0.05, 1)))
    found = nulls.significant_pairs(csr_array(matrix.astype(int)), 0.05, tail, correction)
    assert len(i) or tail == "lower"
    assert np.array_equal(found["i"], i)
    assert np.array_equal(found["j"], j)
    assert np.array_equal(found["shared"], (matrix.astype(int) @ matrix.T)[i, j])
    assert np.allclose(found["p"], p[i, j], rtol=1e-12, atol=0)


@pytest.mark.parametrize(
    ("counts", "correction", "limit"),
    [
        # Of four tests at 0.05, Holm asks 0.05 / 4 of the smallest p and no more of its equals.
        ([2, 0], "holm", -1.0),
        ([0, 3], "holm", 0.012),
        ([1, 1], "holm", 0.012),  # 0.02 is above 0.05 / 3
        ([2, 0], "bh", 0.02),  # 0.02 is at most 0.05 * 2 / 4
        ([1, 0], "bh", -1.0),
        ([1, 1], "bh", 0.02),
    ],
)
def test_the_limit_of_a_correction_by_hand(counts, correction, limit):
    assert overlaps._limit(np.array([0.02, 0.012]), np.array(counts), 0.05, 4, correction) == limit


def test_the_lower_tail_finds_pairs_that_share_nothing():
    matrix = np.zeros((12, 30), dtype=int)
    matrix[:6, :15] = matrix[6:, 15:] = 1
    found = nulls.significant_pairs(matrix, tail="lower")
    assert len(found) == 36
    assert (found["shared"] == 0).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"level": 0}, "between 0 and 1"),
        ({"correction": "by"}, "one of bh, holm, bonferroni"),
        ({"tail": "no"}, "upper"),
    ],
)
def test_unknown_options_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        nulls.significant_pairs(MATRIX, **options)


# ---- published: Correlates of War, 35 states of the Americas, 2014


@pytest.fixture(scope="module")
def states():
    """Codes of the 35 states, and the state-year file of 2014."""
    files = EXTERNAL / "reference" / "states.csv", EXTERNAL / "external" / "cow_igo_v3_state_year.csv.gz"
    if not all(file.is_file() for file in files):
        pytest.skip(f"no Correlates of War files under {EXTERNAL}")
    codes = pd.read_csv(files[0], keep_default_na=False)["cow_code"].astype(int)
    table = pd.read_csv(files[1])
    return (
        table[(table["year"] == 2014) & table["ccode"].isin(codes)].set_index("state").drop(columns=["ccode", "year"])
    )


def kept(held):
    """Bodies, ties, mean shared; pairs that are kept at 0.05 by hypergeometric, SDSM, SDSM after BH."""
    matrix = held.loc[:, held.any()]
    pair = np.triu_indices(len(matrix), 1)
    p = nulls.sdsm(matrix)
    tests = (nulls.hypergeometric(matrix), p, nulls.adjust(p))
    found = [int((test[pair] <= 0.05).sum()) for test in tests]
    return matrix.shape[1], int(matrix.to_numpy().sum()), round(nulls.shared_counts(matrix)[pair].mean(), 3), *found


@pytest.mark.external
def test_the_americas_in_the_state_year_file(states):
    assert len(states) == 35
    assert kept(states == 1) == (165, 2393, 46.953, 560, 103, 31)


@pytest.mark.external
def test_the_americas_in_the_igo_year_file(states):
    table = pd.read_csv(EXTERNAL / "external" / "cow_igo_v3_igo_year.csv.gz", low_memory=False)
    columns = [name for name in states.index if name in table.columns]
    assert len(columns) == 35
    assert kept((table.loc[table["year"] == 2014, columns] == 1).T) == (164, 2392, 47.003, 560, 106, 33)


def test_an_error_that_is_allowed_is_stated_and_kept_to():
    rng = np.random.default_rng(6)
    matrix, fixed = rng.random((20, 400)) < 0.3, rng.random((20, 400)) < 0.1
    near, exact = (nulls.pairs(matrix, structural=fixed, within=within) for within in (1e-4, None))
    assert 0 < np.nanmax(np.abs(near.p - exact.p)) <= 1e-4
    assert np.array_equal(near.expected, exact.expected, equal_nan=True)
    assert "off by 1e-04 at most" in near.methods
    assert "exact Poisson-binomial tails" in exact.methods
    with pytest.raises(ValueError, match="'fdsm' has no use for it"):
        nulls.pairs(matrix, "fdsm", rng=rng, within=1e-4)
