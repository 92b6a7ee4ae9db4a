"""Files of a web process that stay as they are: scripts, styles, pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles

KINDS = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


class StaticFolder(StaticFiles):
    """The files of a folder: kinds that do not depend on the machine's tables, fresh within a minute."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder)

    def file_response(self, full_path: Any, *arguments: Any, **named: Any) -> Response:
        """Return a file, or that it has not changed."""
        response = super().file_response(full_path, *arguments, **named)
        response.headers["Cache-Control"] = "public, max-age=60"
        if "content-type" in response.headers:
            response.headers["Content-Type"] = KINDS.get(Path(full_path).suffix, response.headers["Content-Type"])
        return response
