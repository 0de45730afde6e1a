"""Sends one file with tuspy: `endpoint token file address-file`. A second run goes on at the address noted there."""

import sys
from pathlib import Path

from tusclient.client import TusClient

CHUNK = 32 * 2**20
RETRIES = 20
RETRY_SECONDS = 1


def main(endpoint: str, token: str, path: str, note: str) -> None:
    """Begin the file or go on with it, until all of it has arrived."""
    address = Path(note).read_text(encoding="utf-8") if Path(note).exists() else None
    with Path(path).open("rb") as file:
        uploader = TusClient(endpoint).uploader(
            file_stream=file,
            url=address,
            chunk_size=CHUNK,
            metadata={"token": token, "filename": Path(path).name, "filetype": "video/mp4"},
            retries=RETRIES,
            retry_delay=RETRY_SECONDS,
        )
        if address is None:
            address = uploader.create_url()
            Path(note).write_text(address, encoding="utf-8")
            uploader.set_url(address)
        uploader.upload()


if __name__ == "__main__":
    main(*sys.argv[1:])
