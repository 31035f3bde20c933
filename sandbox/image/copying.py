"""COPY: which files go where."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import replace

from sandbox.image.dockerfile import Instruction
from sandbox.image.ignore import translate
from sandbox.image.tree import Entry, File, Folder, Link, Tree, check_link

# Folders that every base image has and this builder never sees (Filesystem Hierarchy Standard 3.0).
_FOLDERS_OF_A_BASE = re.compile(
    "/(bin|boot|dev|etc|home|lib|media|mnt|opt|root|run|sbin|srv|sys|tmp|usr|var)?"
)


def copy(
    instruction: Instruction,
    words: list[str],
    flags: Mapping[str, str],
    *,
    source: Tree,
    there: Tree,
    workdir: str,
) -> dict[str, Entry]:
    """The files that a COPY adds. `source` is what it reads, `there` what the stage holds so far.

    Raises DockerfileError for a source that is not there and for owners that only a base image could name.
    """
    *patterns, wanted = words
    if not patterns:
        raise instruction.refuse("names no source", "write COPY SOURCE DESTINATION")
    target = inside(posixpath.join(workdir, wanted))
    is_folder = (
        wanted.endswith(("/", "/."))
        or wanted == "."
        or _is_folder(target, there)
        or _FOLDERS_OF_A_BASE.fullmatch(f"/{target}") is not None
    )
    found = [path for pattern in patterns for path in _matches(instruction, pattern, source)]
    if len(found) > 1 and not is_folder:
        raise instruction.refuse(
            f"copies {len(found)} things to {wanted}, which is no folder", f"write {wanted}/ to make it one"
        )
    copied: dict[str, Entry] = {}
    for path in found:
        if _is_folder(path, source):
            copied |= _folder(path, target, source)
        else:
            name = posixpath.join(target, posixpath.basename(path)) if is_folder else target
            copied[name] = source[path]
    for path, entry in copied.items():
        if isinstance(entry, Link):
            check_link(path, entry.target)
    return {path: _changed(instruction, entry, flags) for path, entry in copied.items()}


def inside(path: str) -> str:
    """An absolute path of an image as the key of a tree; `..` does not leave the root."""
    return posixpath.normpath("/" + path).lstrip("/")


def _matches(instruction: Instruction, pattern: str, source: Tree) -> list[str]:
    path = inside(pattern)
    if ".." in pattern.split("/"):
        raise instruction.refuse(f"{pattern} climbs with ..", "name a path below the folder that is built")
    # A folder need not stand in a tree for itself: what lies below it makes it one.
    if path in source or _is_folder(path, source):
        return [path]
    expression = re.compile(translate(path))
    found = sorted(candidate for candidate in source if expression.fullmatch(candidate))
    if not found:
        raise instruction.refuse(
            f"there is no {pattern} to copy", "correct the name, or look whether .dockerignore leaves it out"
        )
    return found


def _is_folder(path: str, tree: Tree) -> bool:
    return (
        path == "" or isinstance(tree.get(path), Folder) or any(name.startswith(f"{path}/") for name in tree)
    )


def _folder(path: str, target: str, source: Tree) -> dict[str, Entry]:
    prefix = f"{path}/" if path else ""
    below = {
        posixpath.join(target, name.removeprefix(prefix)): entry
        for name, entry in source.items()
        if name.startswith(prefix)
    }
    return {**({target: Folder()} if target else {}), **below}


def _changed(instruction: Instruction, entry: Entry, flags: Mapping[str, str]) -> Entry:
    uid, gid = _owner(instruction, flags.get("chown", "0:0"))
    mode = flags.get("chmod")
    if mode is None or isinstance(entry, Link):
        return replace(entry, uid=uid, gid=gid)
    if not re.fullmatch(r"0?[0-7]{3}", mode):
        raise instruction.refuse(
            f"--chmod={mode} is not a mode", "write three octal digits, such as --chmod=755"
        )
    assert isinstance(entry, File | Folder)
    return replace(entry, uid=uid, gid=gid, mode=int(mode, 8))


def _owner(instruction: Instruction, text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d+)(?::(\d+))?", text)
    if match is None:
        raise instruction.refuse(
            f"--chown={text} names an owner that only the base image knows",
            "write numbers: --chown=10001:10001",
        )
    return int(match[1]), int(match[2] or match[1])
