"""Is what a browser loads ours or vendored as published, small, and free of colours of its own?"""

import hashlib
import re
from pathlib import Path

from dreamloom.web.front_door import STATIC
from dreamloom.web.pages import IMPORT_MAP
from dreamloom.web.themes import TOKENS

VENDOR = STATIC / "vendor"
MOST_BYTES = 300_000


def test_vendored_files_are_those_that_were_published() -> None:
    listed = dict(reversed(line.split()) for line in (VENDOR / "SHA256SUMS").read_text().splitlines())
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in VENDOR.glob("*.js")}
    assert files == listed
    assert "BSD 3-Clause" in (VENDOR / "lit.LICENSE").read_text()
    assert sum(path.stat().st_size for path in VENDOR.glob("*.js")) < MOST_BYTES


def test_every_module_that_is_named_is_there() -> None:
    for path in re.findall(r'"/static/([^"]+)"', IMPORT_MAP):
        assert (STATIC / path).is_file(), path
    for module in STATIC.glob("*.js"):
        for name in re.findall(r'from "\./([^"]+)"', module.read_text()):
            assert (STATIC / name).is_file(), (module.name, name)


def test_no_style_or_module_of_ours_names_a_colour_but_by_its_token() -> None:
    ours = [*STATIC.glob("*.css"), *STATIC.glob("*.js")]
    for path in ours:
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", path.read_text()), path.name
    used = {name for path in STATIC.glob("*.css") for name in re.findall(r"var\(--([\w-]+)\)", path.read_text())}
    assert all(f"--{name}:" in TOKENS for name in used), used


def test_nothing_is_loaded_from_elsewhere() -> None:
    for path in (*STATIC.glob("*.css"), *STATIC.glob("*.js"), *(Path(STATIC).parent / "templates").glob("*.html")):
        assert not re.search(r"https?://(?!www\.w3\.org)", path.read_text()), path.name
