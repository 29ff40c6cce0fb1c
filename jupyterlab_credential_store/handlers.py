"""The one handler: reads and replaces the store's file, of whose bytes it knows how they begin."""

from __future__ import annotations

import asyncio
import errno
import json
from urllib.parse import quote

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from kernel_connector.dotfile import Busy, Conflict, NotAFile, NotAStore, TooLarge
from tornado import web

from .config import CredentialStore

PATH_HEADER = "X-Credential-Store-Path"

#: What people read, by the reason the file system gave.
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def route(base_url: str) -> str:
    return str(url_path_join(base_url, "jupyterlab-credential-store", "file"))


class FileHandler(APIHandler):  # type: ignore[misc, unused-ignore]
    """GET and PUT of the whole file, guarded by entity tags."""

    auth_resource = "credentialstore"

    def initialize(self, store: CredentialStore) -> None:
        super().initialize()
        self._store = store

    def set_default_headers(self) -> None:
        super().set_default_headers()
        self.set_header("Cache-Control", "no-store")

    def compute_etag(self) -> None:
        """The tag is of the file, not of what tornado would hash."""
        return None

    @web.authenticated
    @authorized
    async def get(self) -> None:
        self._set_path()
        try:
            found = await asyncio.to_thread(self._store.dotfile.read)
        except (TooLarge, NotAFile, OSError) as error:
            return self._refuse(error)
        if found is None:
            return self._say(404, "There is no store yet.")
        data, etag = found
        self.set_header("ETag", etag)
        if self.check_etag_header():
            self.set_status(304)
            return self._done()
        self.finish_bytes(data)

    @web.authenticated
    @authorized
    async def put(self) -> None:
        self._set_path()
        expected = self.request.headers.get("If-Match")
        create = self.request.headers.get("If-None-Match") == "*"
        if (expected is None) != create:
            return self._say(428, "Send If-Match with the tag you read, or If-None-Match: *.")
        if not self.request.body:
            return self._say(400, "An empty file would lose the store; nothing was written.")
        drop = self.get_query_argument("backups", "keep") == "drop"
        try:
            etag = await asyncio.to_thread(
                self._store.dotfile.replace, self.request.body, expected, drop_backups=drop
            )
        except (Conflict, Busy, TooLarge, NotAFile, NotAStore, OSError) as error:
            return self._refuse(error)
        self.set_header("ETag", etag)
        self.set_status(204)
        self._done()

    def finish_bytes(self, data: bytes) -> None:
        # APIHandler.finish sets JSON as the type.
        self.set_header("Content-Type", "application/octet-stream")
        self.set_header("X-Content-Type-Options", "nosniff")
        web.RequestHandler.finish(self, data)

    def _set_path(self) -> None:
        # Not in prepare(): only those who may read or write are told.
        path = quote(self._store.display_path, safe="/~", errors="replace")
        self.set_header(PATH_HEADER, path)

    def _done(self) -> None:
        self.clear_header("Content-Type")
        web.RequestHandler.finish(self)

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, Conflict):
            if error.etag:
                self.set_header("ETag", error.etag)
            self._say(412, "The file has changed since it was read.")
        elif isinstance(error, Busy):
            self._say(503, "Another server is writing the store's file. Try again.")
        elif isinstance(error, TooLarge):
            self._say(
                413,
                "More bytes than CredentialStore.max_bytes allows, so nothing was read or written."
                " Move the file away, or raise that limit.",
            )
        elif isinstance(error, NotAFile):
            self._say(
                409,
                "What is at the store's path is no file. Move it away, or set"
                " CredentialStore.path.",
            )
        elif isinstance(error, NotAStore) and error.there:
            self._say(409, "The file at the store's path is no credential store. Move it away.")
        elif isinstance(error, NotAStore):
            self._say(422, "These bytes are no credential store, so they were not written.")
        elif isinstance(error, OSError) and error.errno in _DISK_FULL:
            self._say(507, "The disk is full or the quota used up. Nothing was lost; free space.")
        else:
            self._say(
                403,
                "The server may not read or write the store's file. Give it the right to (chmod"
                " u+rw the file, u+rwx its folder), or set CredentialStore.path.",
            )

    def _say(self, status: int, message: str) -> None:
        self.set_status(status)
        self.finish(json.dumps({"message": message}))
