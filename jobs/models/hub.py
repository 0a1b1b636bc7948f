"""Downloading a model's files from a model hub: each by its name at a pinned revision, resumed and checked."""

import logging
import time
from collections.abc import Callable
from pathlib import Path

import httpx
from huggingface_hub import constants, get_token

from jobs.models.catalogue import HubSource, ModelEntry, SourceFile
from jobs.models.downloading import DownloadFailed, Progress, check
from jobs.models.listing import address_of_list, with_files
from storage.errors import Damaged, UserFault

_logger = logging.getLogger(__name__)

_TIMEOUT = httpx.Timeout(30, connect=10)
_TRIES = 5
_PAUSE_S = 0.3
_PART = ".part"


class HubUnreachable(DownloadFailed):
    """No model hub could be reached, or it broke off."""

    next_step = (
        "Check this computer's connection to huggingface.co, or set HF_ENDPOINT to a hub that it reaches, "
        "and try again. What has arrived is kept."
    )


class Gated(UserFault):
    """The owners of a model ask for an agreement first."""


def known_files(entry: ModelEntry, source: HubSource, endpoint: str | None = None) -> HubSource:
    """Return the source with its files: those of the catalogue, else those that the hub tells for its revision.

    Raises HubUnreachable, Gated, DownloadFailed or NotUsableHere.
    """
    if source.known_to_the_byte:
        return source
    wanted = _Wanted(
        entry, source, SourceFile("the list of its files", 0), address_of_list(_hub(entry, endpoint), source)
    )
    try:
        with _client(source) as client:
            answered = client.get(wanted.url)
            if refusal := wanted.refusal(answered):
                raise refusal
            return with_files(entry.title, source, answered.json())
    except httpx.HTTPError as error:
        raise wanted.unreachable("no model hub is reachable from this computer") from error
    except ValueError as error:
        raise wanted.unreachable("what answered is no model hub") from error


def download_files(
    entry: ModelEntry, source: HubSource, folder: Path, progress: Progress, endpoint: str | None = None
) -> None:
    """Fetch the files of `source` into `folder`; those that an earlier attempt left there are not fetched again.

    A file is written beside its name first and takes it only when its size and hash are right, so nothing else can
    come in. Raises HubUnreachable, Gated, DownloadFailed or Damaged; what has arrived stays for the next attempt.
    """
    hub = _hub(entry, endpoint)
    folder.mkdir(exist_ok=True)
    done = 0
    with _client(source) as client:
        for file in source.files:
            url = f"{hub}/{source.repository}/resolve/{source.revision}/{file.member}"
            before = done

            def tell(arrived: int, before: int = before) -> None:
                progress("download", before + arrived, source.download_bytes)

            _fetch(_Wanted(entry, source, file, url), folder, client, tell)
            done += file.size
            progress("download", done, source.download_bytes)


def _hub(entry: ModelEntry, endpoint: str | None) -> str:
    if constants.HF_HUB_OFFLINE:
        raise HubUnreachable(f"{entry.title} could not be downloaded: HF_HUB_OFFLINE forbids to ask a model hub.")
    return (endpoint or constants.ENDPOINT).rstrip("/")


def _client(source: HubSource) -> httpx.Client:
    # Who is asking is told only where the owners want to know it.
    token = get_token() if source.gated else None
    return httpx.Client(timeout=_TIMEOUT, follow_redirects=True, headers=_headers(token))


def arrived_bytes(folder: Path) -> int:
    """Return how much of a model an earlier attempt left in `folder`."""
    return sum(file.stat().st_size for file in folder.iterdir()) if folder.is_dir() else 0


class _Wanted:
    """One file with where it comes from, and what its refusals mean."""

    def __init__(self, entry: ModelEntry, source: HubSource, file: SourceFile, url: str) -> None:
        self.file, self.url = file, url
        self._title, self._source = entry.title, source

    def refusal(self, response: httpx.Response) -> Exception | None:
        """Return what the hub's answer means where it is not the file."""
        if response.status_code in {200, 206}:
            return None
        if response.status_code in {401, 403} and self._source.gated:
            return Gated(
                f"{self._title} is given only to people who have accepted its makers' terms.",
                f"Accept them at https://huggingface.co/{self._source.repository}, set HF_TOKEN to a token of your "
                "account there and try again; or choose a model that is free for all.",
            )
        if response.status_code >= 500 or response.status_code == 429:
            return self.unreachable(f"the model hub is busy or out of order ({response.status_code})")
        what = f"the model hub does not have {self.file.member} ({response.status_code})"
        return DownloadFailed(f"{self._title} could not be downloaded: {what}.", "Choose another model.")

    def other(self) -> Damaged:
        """Return the error for a file of another size than the catalogue names."""
        return Damaged(
            f"{self.file.member} is not the file that Triptych was tested with.", "Choose another model hub."
        )

    def unreachable(self, why: str) -> HubUnreachable:
        """Return the error for a hub that does not answer."""
        return HubUnreachable(f"{self._title} could not be downloaded: {why}.")


def _headers(token: str | None) -> dict[str, str]:
    told = {"Accept-Encoding": "identity", "User-Agent": "triptych"}
    return {**told, "Authorization": f"Bearer {token}"} if token else told


def _fetch(wanted: _Wanted, folder: Path, client: httpx.Client, tell: Callable[[int], None]) -> None:
    target = folder / wanted.file.member
    if target.is_file():
        return
    part = target.with_name(target.name + _PART)
    tries = 0
    while _size(part) != wanted.file.size:
        before = _size(part)
        try:
            _receive(wanted, part, client, tell)
        except httpx.HTTPError as error:
            _logger.warning("%s: %s", wanted.url, str(error) or type(error).__name__)
            if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError):
                raise wanted.unreachable("no model hub is reachable from this computer") from error
            tries = 1 if _size(part) > before else tries + 1  # whatever still brings something may go on
            if tries >= _TRIES:
                raise wanted.unreachable("the connection broke off") from error
            time.sleep(_PAUSE_S * tries)
    try:
        check(part, wanted.file)
    except Damaged:
        part.unlink()
        raise
    part.rename(target)


def _receive(wanted: _Wanted, part: Path, client: httpx.Client, tell: Callable[[int], None]) -> None:
    """Append what lacks of the file to `part`; a hub that does not resume sends it all again."""
    arrived = _size(part)
    if arrived > wanted.file.size:
        part.unlink()
        arrived = 0
    headers = {"Range": f"bytes={arrived}-"} if arrived else {}
    with client.stream("GET", wanted.url, headers=headers) as response:
        if refusal := wanted.refusal(response):
            raise refusal
        goes_on = response.status_code == httpx.codes.PARTIAL_CONTENT
        arrived = arrived if goes_on else 0
        announced = response.headers.get("Content-Length", "")
        if announced.isdigit() and arrived + int(announced) != wanted.file.size:
            raise wanted.other()
        with part.open("ab" if goes_on else "wb") as sink:
            # As it comes in: pieces of a fixed size would lose what has arrived of the last one when the line breaks.
            for piece in response.iter_raw():
                sink.write(piece)
                arrived += len(piece)
                if arrived > wanted.file.size:
                    raise wanted.other()
                tell(arrived)
    if arrived < wanted.file.size:
        raise httpx.RemoteProtocolError("the file ended early")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
