"""Which options do several verbs share?"""

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Data on stdout as one JSON object, failures too.")]
NightArg = Annotated[str, typer.Argument(metavar="NIGHT", help="A night's folder, or its name in the house.")]
StagerOption = Annotated[
    str, typer.Option("--stager", metavar="NAME", help="A stager that was plugged in; the shipped trees if left out.")
]
PodOption = Annotated[
    str, typer.Option("--pod", metavar="KIND", help="What lies at the bed: headband, watch, phone or speaker.")
]
HouseOption = Annotated[
    Path | None, typer.Option(metavar="FOLDER", help="The house in which to keep the night, if not the usual one.")
]
