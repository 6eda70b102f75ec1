"""In which colours does somebody want a page? As they asked this time, as they chose before, or as the page begins."""

from typing import Any, Literal, get_args

from litestar import Request
from litestar.datastructures import State
from litestar.response import Response

from dreamloom.gallery.palette import DAY, EMBER, NIGHT, variables

Theme = Literal["night", "ember", "day"]
Colours = Theme | Literal["system"]
"""`system`: by day or by night, as the browser's own setting says."""
THEMES: tuple[Theme, ...] = get_args(Theme)
COOKIE = "dreamloom-theme"
YEAR_S = 365 * 24 * 3600

_NIGHT = f"color-scheme: dark; {variables(NIGHT)}"
_EMBER = f"color-scheme: dark; {variables(EMBER)}"
_DAY = f"color-scheme: light; {variables(DAY)}"
TOKENS = (
    f":root {{ {_NIGHT} }}\n"
    f'@media (prefers-color-scheme: light) {{ :root[data-theme="system"] {{ {_DAY} }} }}\n'
    f':root[data-theme="ember"] {{ {_EMBER} }}\n'
    f':root[data-theme="day"] {{ {_DAY} }}\n'
)
"""Every colour that a page has; no other file names one."""


def chosen(request: Request[Any, Any, State], *, otherwise: Colours) -> Colours:
    """What `?theme=` names, what was chosen before, or what this page has by itself."""
    for name in (request.query_params.get("theme"), request.cookies.get(COOKIE)):
        if name in THEMES:
            return name
    return otherwise


def remembered(response: Response[Any], request: Request[Any, Any, State]) -> Response[Any]:
    """The response, which keeps what `?theme=` names for the next pages; what names none changes nothing."""
    if request.query_params.get("theme") in THEMES:
        response.set_cookie(COOKIE, request.query_params["theme"], samesite="strict", path="/", max_age=YEAR_S)
    return response
