"""Which kind of file system a folder lies on: on a network drive neither SQLite nor locks can be trusted."""

from pathlib import Path

from storage.errors import OurFault

_NETWORK_FILE_SYSTEMS = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "ceph",
    "glusterfs",
    "fuse.sshfs",
    "fuse.s3fs",
}
_MOUNTS = Path("/proc/self/mountinfo")


def refuse_network_file_system(folder: Path, mounts: Path = _MOUNTS) -> None:
    """Raise OurFault where `folder` lies on a network file system, on which SQLite's locks do not hold."""
    if not mounts.exists():  # only Linux tells
        return
    resolved = folder.resolve()
    best, kind = "", ""
    for line in mounts.read_text().splitlines():
        left, _, right = line.partition(" - ")
        point = left.split()[4].replace("\\040", " ")
        if resolved.is_relative_to(point) and len(point) >= len(best):
            best, kind = point, right.split()[0]
    if kind in _NETWORK_FILE_SYSTEMS:
        raise OurFault(
            f"{folder} lies on a network drive ({kind}), where the database could be damaged.",
            "Set TRIPTYCH_HOME to a folder on a disk of this computer.",
        )
