"""Sends the extension's scripts under the policy that a cookie of the browser names.

Playwright's routes do not see workers that workers start; a cookie goes with their requests, too.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from tornado.httputil import HTTPHeaders, HTTPServerRequest
from tornado.web import OutputTransform

_SCRIPTS = "/lab/extensions/jupyterlab-credential-store/"


def scripts(c: Any) -> None:
    c.ServerApp.tornado_settings.update({"transforms": [_Policy]})


class _Policy(OutputTransform):
    def __init__(self, request: HTTPServerRequest) -> None:
        wanted = request.cookies.get("scripts-policy")
        self._policy = unquote(wanted.value) if wanted and _SCRIPTS in request.path else ""

    def transform_first_chunk(
        self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, HTTPHeaders, bytes]:
        if self._policy:
            headers["Content-Security-Policy"] = self._policy
        return status_code, headers, chunk
