"""Does somebody else's code read our checkpoints and proofs as we do? Asks golang.org/x/mod/sumdb, where Go is here.

Use: .venv/bin/python tools/foreign_reader.py [NIGHT ...] [--keep]
Made-up records first, then the nights that are named. --keep writes the answers on the made-up ones where the tests
look for them. It needs Go and that module: apt-get install golang-go golang-golang-x-mod-dev; or GO (the program) and
GOPATH (holding src/golang.org/x/mod) say where they lie. Exit code 1 if anything is read otherwise, 2 without Go.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite import read_only
from dreamloom.house import layout
from dreamloom.house.second_house import newest_checkpoint
from dreamloom.seals.notes import public_key, verifier_key
from dreamloom.testing.foreign_reader import is_agreed, made_up, question

HERE = Path(__file__).parent
KEPT = HERE.parent / "tests" / "vectors" / "foreign" / "answers.json"
SIZES = (1, 2, 3, 5, 8, 13, 64, 70, 200)
DEBIAN_GOPATH = "/usr/share/gocode"


def main(words: list[str]) -> int:
    """Asks all of it, says what came of it."""
    go = os.environ.get("GO") or shutil.which("go")
    if go is None:
        sys.stderr.write("Go is not here: apt-get install golang-go golang-golang-x-mod-dev\n")
        return 2
    nights = [word for word in words if word != "--keep"]
    kept, wrong = {}, 0
    for name, asked in [*((str(size), made_up(size)) for size in SIZES), *((each, of_night(each)) for each in nights)]:
        answered = answer(go, asked)
        wrong += not is_agreed(asked, answered)
        kept[name] = answered
        sys.stdout.write(f"{name}: {'agrees' if is_agreed(asked, answered) else 'DIFFERS'}: {json.dumps(answered)}\n")
    if "--keep" in words:
        KEPT.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({name: kept[name] for name in map(str, SIZES)}, indent=1, ensure_ascii=False)
        KEPT.write_text(text + "\n", encoding="utf-8")
    return int(wrong > 0)


def of_night(name: str) -> dict[str, Any]:
    """The newest checkpoint of a real night."""
    folder = layout.find_night(name)
    key = verifier_key(folder.origin, public_key(FolderVault(folder.house.keys, may_make_keys=False).signing_key()))
    with read_only(folder.record) as record:
        leaves = [row.leaf for row in record.rows()]
    return question(newest_checkpoint(folder), key, leaves)


def answer(go: str, asked: dict[str, Any]) -> dict[str, Any]:
    """What the other program says."""
    done = subprocess.run(  # noqa: S603 - a program on this machine, with our own source
        [go, "run", str(HERE / "foreign_reader" / "main.go")],
        input=json.dumps(asked), capture_output=True, text=True, check=False,
        env={**os.environ, "GO111MODULE": "off", "GOPATH": os.environ.get("GOPATH", DEBIAN_GOPATH)},
    )  # fmt: skip
    if done.returncode != 0:
        raise SystemExit(f"{go} refused: {done.stderr.strip()}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
