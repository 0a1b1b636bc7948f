"""Which files a model on a hub consists of, as the hub tells them for one revision: names, sizes and hashes."""

from dataclasses import replace
from fnmatch import fnmatch
from typing import Any
from urllib.parse import quote

from jobs.models.catalogue import HubSource, SourceFile
from jobs.models.shapes import WEIGHTS
from storage.errors import UserFault

_TOKENIZER, _CONFIG = "tokenizer.json", "config.json"
# Neither pickles nor code: what a model needs to be read by the libraries of this project.
WANTED = (
    WEIGHTS,
    "model.safetensors.index.json",
    _CONFIG,
    "generation_config.json",
    _TOKENIZER,
    "tokenizer_config.json",
    "special_tokens_map.json",
    "chat_template.jinja",
)


class NotUsableHere(UserFault):
    """A model whose files are not of the kind that can be used here."""

    next_step = "Choose another model."


def address_of_list(hub: str, source: HubSource) -> str:
    """Return where a hub tells the files of one revision with their sizes and hashes (its API, `blobs=true`)."""
    return f"{hub}/api/models/{source.repository}/revision/{quote(source.revision, safe='')}?blobs=true"


def with_files(title: str, source: HubSource, told: dict[str, Any]) -> HubSource:
    """Return the source with the files that matter of those told, at the commit that its revision stands for.

    Raises NotUsableHere where weights as safetensors, a tokenizer or hashes lack.
    """
    try:
        listed = [_file(one) for one in told["siblings"]]
        commit = str(told["sha"])
    except (KeyError, TypeError, ValueError) as error:
        raise NotUsableHere(f"The model hub does not tell which files {title} has.") from error
    files = tuple(file for file in listed if _wanted(file.member))
    names = {file.member for file in files}
    if not {_CONFIG, _TOKENIZER} <= names or not any(fnmatch(name, WEIGHTS) for name in names):
        raise NotUsableHere(f"{title} has no weights as safetensors, or no tokenizer.json, so it can't be used here.")
    if not all(file.sha256 or file.git_sha1 for file in files):
        raise NotUsableHere(f"The model hub does not tell the hashes of {title}, so nothing could be checked.")
    return replace(source, revision=commit, files=files)


def _wanted(member: str) -> bool:
    return "/" not in member and any(fnmatch(member, name) for name in WANTED)


def _file(told: dict[str, Any]) -> SourceFile:
    """Large files come with their sha256, small ones with the hash under which git keeps them."""
    name, large = str(told["rfilename"]), told.get("lfs") or {}
    size = int(large.get("size") or told.get("size") or 0)
    if large:
        return SourceFile(name, size, sha256=str(large.get("sha256") or ""))
    return SourceFile(name, size, git_sha1=str(told.get("blobId") or ""))
