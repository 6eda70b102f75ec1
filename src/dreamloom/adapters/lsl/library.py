"""Where does pylsl come from, and how far does it look? Loaded when a stream is asked for, and by nothing else."""

import atexit
import importlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from dreamloom.adapters.lsl.asked import SCOPES, Scope
from dreamloom.vocabulary.errors import StreamError

CONFIG_VARIABLE = "LSLAPICFG"
"""Where liblsl looks for its configuration; whoever sets it has decided for themselves."""
_QUIET = -3
"""Fatal messages only: liblsl writes to the terminal that the night view is drawn on."""


def config_text(scope: Scope) -> str:
    """Liblsl's configuration: who is looked for, and how loud it is. On one machine, IPv4 loopback is enough."""
    ipv6 = "disable" if scope == "machine" else "allow"
    return f"[ports]\nIPv6 = {ipv6}\n[multicast]\nResolveScope = {scope}\n[log]\nlevel = {_QUIET}\n"


class Library:
    """pylsl, loaded once in a process with the widest scope asked for by then: liblsl reads its settings once."""

    def __init__(self) -> None:
        self._pylsl: Any = None
        self._scope: Scope | None = None

    def load(self, scope: Scope) -> Any:
        """The module pylsl.

        Raises:
            StreamError: DL-E250 when it cannot be loaded, DL-E259 when it was loaded for a narrower scope.
        """
        if self._pylsl is None:
            self._scope = _configured(scope)
            self._pylsl = _imported()
        if self._scope is not None and SCOPES.index(scope) > SCOPES.index(self._scope):
            raise StreamError(
                "DL-E259",
                f'Streams within "{scope}" cannot be looked for any more.',
                why=f'This process looks within "{self._scope}" since its first stream; liblsl reads it once.',
                do="Write scope= at the first stream of the night, or start again.",
            )
        return self._pylsl


LIBRARY = Library()


def _configured(scope: Scope) -> Scope | None:
    """Sets liblsl's configuration; None where a person has set their own."""
    if os.environ.get(CONFIG_VARIABLE):
        return None
    folder = Path(tempfile.mkdtemp(prefix="dreamloom-lsl-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "lsl_api.cfg"
    path.write_text(config_text(scope), encoding="utf-8")
    os.environ[CONFIG_VARIABLE] = str(path)
    return scope


def _imported() -> Any:
    try:
        return importlib.import_module("pylsl")
    except ImportError:
        why = "The library pylsl is not installed here."
        raise _missing(why) from None
    except (RuntimeError, OSError) as error:  # pylsl is there, and liblsl is not, or does not fit this system
        raise _missing(f"pylsl is installed, and liblsl cannot be loaded: {str(error).splitlines()[0]}") from None


def _missing(why: str) -> StreamError:
    return StreamError(
        "DL-E250",
        "LSL streams cannot be read.",
        why=why,
        still="Recordings (edf:FILE) and simulated sleepers (sim:PRESET) can be.",
        do='Run: pip install "dreamloom[lsl]"',
    )
