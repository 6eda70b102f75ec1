"""What does a machine without LightGBM's libgomp still test? Everything else; what needs it is skipped by name."""

import ctypes
import sys

import pytest


def _lacks_libgomp() -> bool:
    if not sys.platform.startswith("linux"):
        return False
    try:
        ctypes.CDLL("libgomp.so.1")
    except OSError:
        return True
    return False


LACKS_LIBGOMP = _lacks_libgomp()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """On a machine without libgomp, a test that failed for want of it counts as skipped."""
    report = yield
    if LACKS_LIBGOMP and report.failed and "libgomp.so.1" in report.longreprtext:
        report.outcome = "skipped"
        report.longrepr = (str(item.path), item.location[1] or 0, f"Skipped: {item.name} needs libgomp.so.1")
    return report
