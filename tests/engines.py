"""The same rows in pandas, Polars, DuckDB and Spark, for tests that compare them."""

import warnings

import pandas as pd
import pytest

NAMES = ["pandas", "polars", "polars lazy", "duckdb", "spark"]
DAYS = ("earliest", "latest", "day")  # columns of dates; n holds whole numbers, all others text


def table(engine, rows, request):
    """Put rows (dictionaries alike) into an engine, or skip with the reason."""
    if engine != "pandas":
        pytest.importorskip("narwhals", reason="narwhals is not installed (extra scale)")
    if engine == "spark":
        return _in_spark(rows, request.getfixturevalue("spark"))
    return {"pandas": in_pandas, "polars": _in_polars, "duckdb": in_duckdb, "polars lazy": _lazy}[engine](rows)


def in_pandas(rows):
    frame = pd.DataFrame(rows)
    return frame.astype({column: "datetime64[s]" for column in frame if column in DAYS})


def in_duckdb(rows):
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed (extra scale)")
    connection = duckdb.connect()
    connection.register("given", pd.DataFrame(rows, dtype="object"))
    casts = [f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in _kinds(rows, "DATE", "BIGINT", "VARCHAR")]
    connection.execute(f"CREATE TABLE events AS SELECT {', '.join(casts)} FROM given")
    return connection.table("events")


def start_spark():
    """Start Spark on this machine, where nobody else reaches it."""
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed (extra spark)")
    settings = {"spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1",
                "spark.sql.shuffle.partitions": "2", "spark.ui.showConsoleProgress": "false"}  # fmt: skip
    builder = sql.SparkSession.builder.master("local[2]")
    for key, value in settings.items():
        builder = builder.config(key, value)
    with warnings.catch_warnings(action="ignore"):  # of pandas 3, which nothing here lets Spark touch
        return builder.getOrCreate()


def _in_polars(rows):
    polars = pytest.importorskip("polars", reason="polars is not installed")
    names = {**dict.fromkeys(DAYS, polars.Date), "n": polars.Int64}
    return polars.DataFrame(rows, schema={column: names.get(column, polars.String) for column in rows[0]})


def _lazy(rows):
    return _in_polars(rows).lazy()


def _in_spark(rows, session):
    kinds = [f"`{name}` {kind}" for name, kind in _kinds(rows, "date", "long", "string")]
    return session.createDataFrame([tuple(row.values()) for row in rows], ", ".join(kinds))


def _kinds(rows, day, whole, text):
    kinds = {**dict.fromkeys(DAYS, day), "n": whole}
    return [(column, kinds.get(column, text)) for column in rows[0]]
