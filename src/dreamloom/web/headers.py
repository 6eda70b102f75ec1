"""What may a page load, and from where may it be asked? Its own files alone, and from nowhere else."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from litestar.connection import Request
from litestar.exceptions import PermissionDeniedException
from litestar.response import Response

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
OWN = frozenset({"same-origin", "none"})
"""What a browser says of a request that came from a page of ours, or from its own address line."""
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), payment=(), usb=()",
}


def import_map_hash(import_map: str) -> str:
    """The one inline script that a page has, by its content."""
    return base64.b64encode(hashlib.sha256(import_map.encode()).digest()).decode()


def content_policy(import_map: str) -> str:
    """The Content-Security-Policy of every page."""
    rules: Mapping[str, str] = {
        "default-src": "'none'",
        "script-src": f"'self' 'sha256-{import_map_hash(import_map)}'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def refuse_foreign(request: Request[Any, Any, Any]) -> None:
    """Nothing is asked for by a page of somebody else's, whatever cookie its browser sends along.

    Raises:
        PermissionDeniedException: for a request that changes something and does not come from a page of ours.
    """
    if request.method not in UNSAFE:
        return
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    if (site is not None and site not in OWN) or (origin is not None and origin != own):
        raise PermissionDeniedException("Asked for by another site's page.")


def with_headers(response: Response[Any], *, policy: str) -> Response[Any]:
    """The response with what every one of ours says."""
    for name, value in {**ALWAYS, "Content-Security-Policy": policy}.items():
        response.headers.setdefault(name, value)
    return response
