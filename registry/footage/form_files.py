"""Files of a plain form: taken only by the page that asks for footage, behind a working link.

Django reads a form with its files before the view runs, because the check against forged forms reads one of its
fields. Without this handler anybody could fill the disk through any page.
"""

import os
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from fusus_portal.ground.database.files import give_back
from fusus_portal.ground.lifecycle import Denied
from registry.canvasses.links import link_actor, request_of_link
from registry.footage import policies, storage
from registry.limits.models import Limits

PAGE = "reply_footage"
REFUSAL = "registry.footage.form_files.refusal"
FIELDS_BESIDE = 1024**2
"""Bytes that the other fields of a form may have beside its files."""


class ArrivingFile(TemporaryUploadedFile):
    """A file of a form, written to the disk where footage arrives: protected like footage, and moved without a copy.

    It is named like an upload, so that the sweep removes the file of a killed process.
    """

    def __init__(self, name: str, content_type: str) -> None:
        self.path = storage.arriving(uuid4())
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = open(self.path, "x+b", opener=_private)  # noqa: SIM115  (the request closes it)
        UploadedFile.__init__(self, file, name, content_type, 0)

    def close(self) -> None:
        super().close()
        self.path.unlink(missing_ok=True)


class FootageOfForm(TemporaryFileUploadHandler):
    """Django's upload handler for every form of the portal. Only the page for footage gets files."""

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *_more: Any, **_named: Any) -> None:  # noqa: N803
        """Decide before the first byte if the form's files are wanted and fit on the disk."""
        self.wanted = is_wanted(self.request)
        largest = Limits.current().bytes_per_reply if self.wanted else 0
        if self.wanted and content_length > largest + FIELDS_BESIDE:
            limit = {"limit": filesizeformat(largest)}
            self._refuse(_("At most %(limit)s can be given to one request.") % limit)
        elif self.wanted and not storage.room_for(content_length):
            self._refuse(str(policies.NO_ROOM_SENTENCE))
        if self.wanted:
            give_back()  # the files may take an hour to arrive

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if not self.wanted:
            raise StopUpload(connection_reset=True)
        FileUploadHandler.new_file(self, *args, **kwargs)
        self.file = ArrivingFile(self.file_name or "", self.content_type or "")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece of a file unless that would use the disk's reserve (`storage.RESERVE`)."""
        if not storage.room_for(len(raw_data)):
            self._refuse(str(policies.NO_ROOM_SENTENCE))
            raise StopUpload(connection_reset=True)
        super().receive_data_chunk(raw_data, start)

    def _refuse(self, sentence: str) -> None:
        self.wanted = False
        if self.request is not None:
            self.request.META[REFUSAL] = sentence


def is_wanted(request: HttpRequest | None) -> bool:
    """True for a request to the page that takes files, by a link through which files may still be given."""
    match = request.resolver_match if request is not None else None
    if match is None or match.view_name != PAGE:
        return False
    try:
        asked = request_of_link(match.kwargs["token"])
        policies.may_give_files(link_actor(asked), asked)
    except Denied:
        return False
    return True


def refusal(request: HttpRequest) -> str:
    return str(request.META.get(REFUSAL, ""))


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
