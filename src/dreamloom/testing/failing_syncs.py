"""What does a program do whose disk refuses to sync? Here the kernel answers its fsync and fdatasync with EIO.

Linux on x86-64 or ARM, without any rights: seccomp(2) asks a thread of ours what becomes of each call. A disk that
fails tells it once and then says that all is well (https://lwn.net/Articles/752063/), so that can be done, too.
"""

import ctypes
import errno
import fcntl
import platform
import runpy
import struct
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

from dreamloom.engine.clocks import boot_s

_CALLS = {"x86_64": (0xC000003E, 317, (74, 75)), "aarch64": (0xC00000B7, 277, (82, 83))}
"""Of each machine: its name in <linux/audit.h>, and the numbers of seccomp, and of fsync and fdatasync."""
_NO_NEW_PRIVILEGES, _SET_FILTER, _WITH_LISTENER = 38, 1, 8
_ALLOW, _ASK = 0x7FFF0000, 0x7FC00000
_LOAD, _IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_NUMBER_AT, _MACHINE_AT = 0, 4
_RECEIVE, _ANSWER, _GO_ON = 0xC0502100, 0xC0182101, 1
_ASKED, _ANSWERED = struct.Struct("=QI20xQ40x"), struct.Struct("=QqiI")
"""struct seccomp_notif: its id, the thread, the first argument; struct seccomp_notif_resp."""

FAILED = "failed to sync:"
IsFailing = Callable[[str], bool]
"""Asked at each sync of a file with its path; True: it fails."""


def is_possible() -> bool:
    """True where a process may be treated this way."""
    return sys.platform == "linux" and platform.machine() in _CALLS


def fail_syncs(is_failing: IsFailing) -> None:
    """From now on, in this thread and all it starts, a sync fails with EIO where this says so.

    Raises:
        OSError: where the kernel does not let us.
    """
    machine, seccomp, syncs = _CALLS[platform.machine()]
    steps = [
        (_LOAD, 0, 0, _MACHINE_AT),
        (_IF_EQUAL, 0, 3, machine),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_IF_EQUAL, 2, 0, syncs[0]),
        (_IF_EQUAL, 1, 0, syncs[1]),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _ASK),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    listener = libc.syscall(seccomp, _SET_FILTER, _WITH_LISTENER, program)
    if listener < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    threading.Thread(target=_answer, args=(listener, is_failing), daemon=True).start()


def _answer(listener: int, is_failing: IsFailing) -> None:
    while True:
        with suppress(FileNotFoundError):  # who asked was called away by a signal, or has ended
            asked = bytearray(_ASKED.size)
            fcntl.ioctl(listener, _RECEIVE, asked)
            call, thread, file = _ASKED.unpack(asked)
            error, how = (-errno.EIO, 0) if is_failing(_path_of(thread, file)) else (0, _GO_ON)
            fcntl.ioctl(listener, _ANSWER, bytearray(_ANSWERED.pack(call, 0, error, how)))


def _path_of(thread: int, file: int) -> str:
    try:
        return str(Path(f"/proc/{thread}/fd/{file}").readlink())
    except OSError:
        return ""


def those(which: str) -> IsFailing:
    """Which syncs "record.sqlite-wal:3" means, the third of a file of this ending alone; "edf:3-", and all behind it.

    The first that fails is told on stderr: FAILED, the moment on the boot clock, the file.
    """
    ending, _, number = which.rpartition(":")
    first, numbers = int(number.removesuffix("-")), count(1)

    def is_failing(path: str) -> bool:
        n = next(numbers) if path.endswith(ending) else 0
        if n == first:
            sys.stderr.write(f"{FAILED} {boot_s():.3f} {path}\n")
        return n >= first if number.endswith("-") else n == first

    return is_failing


def main(words: list[str]) -> None:
    """`python -m dreamloom.testing.failing_syncs WHICH VERB ...`: the command line on such a disk."""
    which, *sys.argv[1:] = words
    fail_syncs(those(which))
    runpy.run_module("dreamloom", run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
