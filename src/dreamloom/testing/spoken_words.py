"""What does a test speak to? A stand-in for the library that writes down: it hears how long it was, and says so."""

import os
from pathlib import Path
from typing import Any

import dreamloom
from dreamloom.house.layout import House

EAR = """
import json

class Model:
    def __init__(self, folder):
        if "broken" in folder:
            raise Exception("Failed to create a model")

def SetLogLevel(level): pass

class KaldiRecognizer:
    def __init__(self, model, rate): self.rate, self.frames = rate, 0
    def AcceptWaveform(self, data):
        self.frames += len(data) // 2
        return False
    def Result(self): return json.dumps({"text": ""})
    def FinalResult(self): return json.dumps({"text": f"a bell under water for {self.frames / self.rate:.1f} seconds"})
"""


def lay_ear(folder: Path, house: House, monkeypatch: Any) -> None:
    """This house has the library, as it seems, and names a model for English; one in `broken` cannot be opened."""
    library = folder / "lib"
    library.mkdir()
    (library / "vosk.py").write_text(EAR, encoding="utf-8")
    monkeypatch.syspath_prepend(str(library))
    ours = str(Path(dreamloom.__file__).parents[1])
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(library), ours)))
    for name in ("small-en", "broken"):
        (folder / name / "am").mkdir(parents=True)
        (folder / name / "am" / "final.mdl").touch()
    house.speech.parent.mkdir(parents=True, exist_ok=True)
    house.speech.write_text(f'[models]\nen = "{folder / "small-en"}"\n', encoding="utf-8")
