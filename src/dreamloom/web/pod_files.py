"""Which files is a bed's page made of? A shell, a manifest and a worker that keeps them all; they name no theme."""

import hashlib
import json
from functools import cache
from pathlib import Path

from dreamloom.gallery.palette import EMBER
from dreamloom.web import pages, wording
from dreamloom.web.themes import TOKENS
from dreamloom.web.wording import LANGUAGES, Language

STATIC = Path(__file__).parent / "static"
MODULES = (
    "bits",
    "clock",
    "dreams",
    "evening",
    "graph",
    "guards",
    "house",
    "link",
    "motion",
    "sound",
    "store",
    "talk",
    "talk_words",
    "tick",
    "views",
    "voice",
    "voice_words",
    "voices",
    "words",
)
SHARED = ("voice_sound.js", "voice_worklet.js", "spoken.js", "spoken_sound.js", "spoken_store.js")
SCRIPTS = ("pod.js", "words.js", *SHARED, *(f"pod_{name}.js" for name in MODULES))
VENDORED = ("lit.js", "lit-html.js", "is-server.js", "lit-element.js", "reactive-element.js", "css-tag.js")
ICONS = ("pod-192.png", "pod-512.png")
SHELL = (
    "/pod",
    "/pod/manifest.webmanifest",
    "/tokens.css",
    "/words.js",
    "/static/pod.css",
    *(f"/static/{name}" for name in (*SCRIPTS, *ICONS)),
    *(f"{pages.VENDOR}/{name}" for name in VENDORED),
)
"""What works without a network once it was there."""


def page(language: Language = wording.ENGLISH) -> str:
    """The shell: every bed's is the same."""
    return pages.shell("pod.html", language)


def manifest() -> bytes:
    """For a home screen."""
    return json.dumps(
        {
            "name": "Dreamloom",
            "short_name": "Dreamloom",
            "start_url": "/pod",
            "scope": "/pod",
            "display": "standalone",
            "orientation": "portrait",
            "background_color": EMBER.ground,
            "theme_color": EMBER.ground,
            "icons": [
                {"src": f"/static/{name}", "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any maskable"}
                for name, size in zip(ICONS, (192, 512), strict=True)
            ],
        }
    ).encode()


@cache
def worker() -> str:
    """The service worker with the list of files, by a name that changes with any of them."""
    script = (STATIC / "pod_worker.js").read_text(encoding="utf-8")
    return f"const SHELL = {json.dumps(SHELL)};\nconst VERSION = {json.dumps(_version(script))};\n{script}"


def _version(script: str) -> str:
    found = hashlib.sha256()
    for content in (script.encode(), manifest(), TOKENS.encode()):
        found.update(content)
    for language in LANGUAGES:
        found.update(page(language).encode() + wording.module(language).encode())
    for path in SHELL:
        if path.startswith("/static/"):
            found.update((STATIC / path.removeprefix("/static/")).read_bytes())
    return found.hexdigest()[:16]
