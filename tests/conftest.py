"""What holds for every test: the clock judges no property, Ctrl-C is heard, a machine without libgomp skips by name.

A night in a test is not judged by what the tests before it left in the memory of their process.
"""

import ctypes
import signal
import sys

import pytest
from hypothesis import settings

from dreamloom.adapters import own_memory

settings.register_profile("dreamloom", deadline=None)  # a busy machine is no counterexample; speed is a promise's
settings.load_profile("dreamloom")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a job in the background; the nights it starts must hear Ctrl-C
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _lacks_libgomp() -> bool:
    if not sys.platform.startswith("linux"):
        return False
    try:
        ctypes.CDLL("libgomp.so.1")
    except OSError:
        return True
    return False


LACKS_LIBGOMP = _lacks_libgomp()
TRIED_AGAIN = 2
"""A machine that others share may stand still in the middle of a sound; a fault is there every time."""


@pytest.fixture(scope="session", autouse=True)
def memory_of_a_night(tmp_path_factory):
    """A night that has its process to itself: a hundred MB in pages of 4 kB."""
    told = tmp_path_factory.mktemp("proc") / "statm"
    told.write_text("51200 25600 0 0 0 0 0\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(own_memory, "STATM", told)
        yield


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """What plays on a real output is a matter of real time, and what asks for real time is tried again."""
    for item in items:
        if "sinks" in item.fixturenames:
            item.add_marker(pytest.mark.real_time)
        if item.get_closest_marker("real_time"):
            item.add_marker(pytest.mark.flaky(reruns=TRIED_AGAIN, reruns_delay=1))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """On a machine without libgomp, a test that failed for want of it counts as skipped."""
    report = yield
    if LACKS_LIBGOMP and report.failed and "libgomp.so.1" in report.longreprtext:
        report.outcome = "skipped"
        report.longrepr = (str(item.path), item.location[1] or 0, f"Skipped: {item.name} needs libgomp.so.1")
    return report
