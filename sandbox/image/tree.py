"""The files of an image as plain values: a path to a file, a folder or a link."""

import hashlib
import json
import os
import posixpath
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sandbox.errors import SandboxError


@dataclass(frozen=True, kw_only=True)
class File:
    """A file: its bytes, or the path where they are read when they are needed."""

    content: bytes | Path
    mode: int = 0o644
    uid: int = 0
    gid: int = 0

    def read(self) -> bytes:
        """The bytes."""
        return self.content if isinstance(self.content, bytes) else self.content.read_bytes()


@dataclass(frozen=True, kw_only=True)
class Folder:
    """A folder that stands in the image for itself and not only for what is in it."""

    mode: int = 0o755
    uid: int = 0
    gid: int = 0


@dataclass(frozen=True, kw_only=True)
class Link:
    """A symbolic link; its target is relative and stays inside the image."""

    target: str
    uid: int = 0
    gid: int = 0


Entry = File | Folder | Link
# Paths are relative to the root, with `/` between the steps and no `.` or `..` among them.
Tree = Mapping[str, Entry]


def read_folder(folder: Path, ignored: Callable[[str], bool] = lambda _: False) -> dict[str, Entry]:
    """Everything below a folder that is not ignored, in the order of the paths.

    Modes are reduced to "may be run" or not, and times and owners are dropped: two checkouts of one commit
    give one tree. Raises SandboxError for what no image can hold.
    """
    tree: dict[str, Entry] = {}
    for where, folders, files in os.walk(folder):
        for name in sorted(folders + files):
            path = Path(where, name)
            relative = path.relative_to(folder).as_posix()
            if ignored(relative):
                continue
            tree[relative] = _read_entry(path, relative)
    return dict(sorted(tree.items()))


def _read_entry(path: Path, relative: str) -> Entry:
    try:
        relative.encode()
    except UnicodeEncodeError:
        raise SandboxError(
            f"the file name {relative.encode('utf-8', 'backslashreplace').decode()} is not UTF-8",
            "rename the file, or name it in .dockerignore",
        ) from None
    kind = path.lstat().st_mode
    if stat.S_ISLNK(kind):
        target = str(path.readlink())
        check_link(relative, target)
        return Link(target=target)
    if stat.S_ISDIR(kind):
        return Folder()
    if stat.S_ISREG(kind):
        return File(content=path, mode=0o755 if kind & stat.S_IXUSR else 0o644)
    raise SandboxError(
        f"{relative} is neither a file, nor a folder, nor a link", "remove it, or name it in .dockerignore"
    )


def check_link(path: str, target: str) -> None:
    """Raises SandboxError for a link that is absolute, or climbs out of the root, or climbs after a descent.

    A climb after a descent (`a/../b`) means another place when `a` is itself a link, so it cannot be judged.
    """
    steps = target.split("/")
    climbs = len(steps) - len([step for step in steps if step != ".."])
    if not target or posixpath.isabs(target) or ".." in steps[climbs:] or climbs > len(path.split("/")) - 1:
        raise SandboxError(
            f"the link {path} -> {target} may lead out of the image",
            "let it point to a file of the image by a relative path, such as ../shared/file",
        )


def digest_of(tree: Tree) -> str:
    """The hash of a tree: of every path, kind, mode, owner, content and target, and of nothing else."""
    overall = hashlib.sha256()
    for path, entry in sorted(tree.items()):
        match entry:
            case File():
                what = [entry.mode, hashlib.sha256(entry.read()).hexdigest()]
            case Folder():
                what = [entry.mode]
            case Link():
                what = [entry.target]
        line = json.dumps([path, type(entry).__name__, entry.uid, entry.gid, *what])
        overall.update(line.encode() + b"\n")
    return overall.hexdigest()
