"""Stored outputs are compared (pytest --nbval) without copies of the documents: they are to be everyone's."""

import pytest

collect_ignore = ["scratch.ipynb"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Hide copies of the documents from a notebook's kernel, and the kernel from the coverage of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("R2P_SOURCES", "")
        patch.setattr(item.config.option, "cov_source", None, raising=False)
        return (yield)
