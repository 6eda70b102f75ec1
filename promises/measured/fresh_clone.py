"""How long is it from a fresh clone to the first answer?"""

import shutil
import subprocess
from pathlib import Path

from promises.cli_runs import run_measured
from promises.kept import Load, scratch
from promises.registry import Measured, promise

_ROOT = Path(__file__).parents[2]
BOUND_S = 600.0


@promise("fresh clone", f"set up and answering within {BOUND_S:g} s")
def fresh_clone_answers() -> Measured:
    """`git clone`, tools/set_up.sh into an empty .venv, --version and a check; packages come from pip's own index."""
    if shutil.which("git") is None or not (_ROOT / ".git").exists():
        return Measured("not measured", None, "This is no git checkout.")
    load = Load()
    clone = scratch("clone") / "dreamloom"
    took_s = [_run("git", "clone", "--quiet", "--no-hardlinks", str(_ROOT), str(clone), cwd=_ROOT)[0]]
    took_s.append(_run("sh", "tools/set_up.sh", cwd=clone)[0])
    dreamloom = str(clone / ".venv" / "bin" / "dreamloom")
    version_s, version = _run(dreamloom, "--version", cwd=clone)
    checked_s, _ = _run(dreamloom, "check", "nightmare_rem_tmr", cwd=clone)
    wall_s = sum(took_s) + version_s + checked_s
    return Measured(
        f"{wall_s:.0f} s",
        wall_s <= BOUND_S and version.startswith("dreamloom "),
        f"The newest commit: clone {took_s[0]:.1f} s, set-up {took_s[1]:.0f} s, --version {version_s:.1f} s, "
        f"check {checked_s:.1f} s; pip's cache as it was; {load}.",
    )


def _run(*words: str, cwd: Path) -> tuple[float, str]:
    ran = run_measured("env", "-u", "PYTHONPATH", *words, timeout_s=1800.0, cwd=cwd)
    if ran["exit_code"] != 0:
        raise subprocess.CalledProcessError(ran["exit_code"], words, stderr=ran["said"][-400:])
    return float(ran["wall_s"]), str(ran["stdout"])
