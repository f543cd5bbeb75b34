"""Samples drawn on workers of a cluster are the serial ones: Dask and Spark as backends of joblib, on this machine."""

import os
import sys
import warnings
from contextlib import contextmanager

import numpy as np
import pytest

from r2p_analysis import nulls
from r2p_analysis.nulls import sampler

MATRIX = np.array([[1, 1, 0, 1, 0, 1], [1, 0, 1, 0, 1, 1], [0, 1, 1, 1, 0, 0], [1, 1, 0, 0, 1, 0], [0, 0, 1, 1, 1, 1]])


@contextmanager
def dask():
    """Two workers of Dask, each a process of one thread."""
    distributed = pytest.importorskip("distributed", reason="dask and distributed are not installed")
    settings = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "host": "127.0.0.1"}
    with distributed.LocalCluster(**settings) as cluster, distributed.Client(cluster):
        yield "dask"


@contextmanager
def spark():
    """Spark on two cores, its workers with the interpreter of this test."""
    joblibspark = pytest.importorskip("joblibspark", reason="joblibspark is not installed")
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed (extra spark)")
    builder = sql.SparkSession.builder.master("local[2]")
    for key in ("spark.driver.host", "spark.driver.bindAddress"):
        builder = builder.config(key, "127.0.0.1")
    session = builder.config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false").getOrCreate()
    joblibspark.register_spark()
    try:
        yield "spark"
    finally:
        session.stop()


@pytest.mark.parametrize("cluster", [dask, spark])
def test_samples_of_a_cluster_are_the_serial_ones(monkeypatch, cluster):
    joblib = pytest.importorskip("joblib", reason="joblib is not installed (extra scale)")
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setattr(sampler, "_SAMPLES_PER_CHAIN", 1)  # several chunks
    serial = nulls.fdsm(MATRIX, 1_000, np.random.default_rng(5))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a cluster says of itself is not ours to judge
        with cluster() as backend, joblib.parallel_config(backend, n_jobs=2):
            workers = joblib.Parallel()(joblib.delayed(os.getpid)() for _ in range(4))
            spread = nulls.fdsm(MATRIX, 1_000, np.random.default_rng(5), n_jobs=2)
    np.testing.assert_array_equal(spread, serial)
    assert os.getpid() not in workers
