"""Unpacks layers into a folder, and lets nothing out of it."""

import gzip
import os
import tarfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from sandbox.errors import SandboxError
from sandbox.image.tree import check_link

WHITEOUT = ".wh."
OPAQUE = ".wh..wh..opq"


def unpack(layers: Iterable[BinaryIO], folder: Path) -> None:
    """Lay the layers over each other, lowest first (OCI image specification, "Applying Changesets").

    Owners and times are not applied: the files belong to whoever unpacks. Raises SandboxError for a layer
    that is damaged or reaches out of the folder; what was unpacked until then stays, and is not to be used.
    """
    folder.mkdir(parents=True, exist_ok=True)
    root = folder.resolve()
    for number, layer in enumerate(layers, start=1):
        try:
            with gzip.GzipFile(fileobj=layer) as plain:
                with tarfile.open(fileobj=plain, mode="r|") as archive:
                    _unpack_layer(archive, root)
                # The checksum stands at the end, behind what a tar file needs.
                while plain.read(1024 * 1024):
                    pass
        except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise SandboxError(
                f"layer {number} of the image is damaged: {error}", "push the image again"
            ) from error


def _unpack_layer(archive: tarfile.TarFile, root: Path) -> None:
    written: set[Path] = set()
    for member in archive:
        name = member.name.removeprefix("./").rstrip("/")
        if name in ("", "."):
            continue
        path = _place(root, name)
        if path.name == OPAQUE:
            _empty(path.parent, keep=written)
        elif path.name.startswith(WHITEOUT):
            _remove(path.with_name(path.name.removeprefix(WHITEOUT)))
        else:
            _write(archive, member, name, path, root)
            written.update((path, *path.parents))


def _write(archive: tarfile.TarFile, member: tarfile.TarInfo, name: str, path: Path, root: Path) -> None:
    if member.isdir():
        if path.is_symlink() or not path.is_dir():
            _remove(path)
            path.mkdir()
        # Whoever unpacks has to be able to write into it, whatever the image says.
        path.chmod(member.mode & 0o777 | 0o700)
        return
    _remove(path)
    if member.issym():
        check_link(path.relative_to(root).as_posix(), member.linkname)
        path.symlink_to(member.linkname)
    elif member.islnk():
        source = _place(root, member.linkname)
        if source.is_symlink() or not source.is_file():
            raise _refuse(name, f"is a hard link to {member.linkname}, which is no file of the image")
        path.hardlink_to(source)
    elif member.isreg():
        content = archive.extractfile(member)
        assert content is not None
        with path.open("xb") as file:
            while chunk := content.read(1024 * 1024):
                file.write(chunk)
        # Neither set-user-id nor set-group-id: both would mean whoever unpacks.
        path.chmod(member.mode & 0o777)
    else:
        raise _refuse(name, "is a device or a pipe")


def _place(root: Path, name: str) -> Path:
    """Where a name of the archive lies on the disk, once the links on its way are followed."""
    steps = name.split("/")
    if name.startswith("/") or ".." in steps or "\0" in name:
        raise _refuse(name, "leaves the folder")
    parent = Path(os.path.realpath(root.joinpath(*steps[:-1])))
    if not parent.is_relative_to(root):
        raise _refuse(name, "leaves the folder by a link")
    try:
        parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refuse(name, "lies below a file") from error
    return parent / steps[-1]


def _empty(folder: Path, *, keep: set[Path]) -> None:
    for path in folder.iterdir():
        if path not in keep:
            _remove(path)
        elif path.is_dir() and not path.is_symlink():
            _empty(path, keep=keep)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        _empty(path, keep=set())
        path.rmdir()
    else:
        path.unlink(missing_ok=True)


def _refuse(name: str, problem: str) -> SandboxError:
    return SandboxError(f"the image's file {name!r} {problem}", "do not run this image; build it again")
