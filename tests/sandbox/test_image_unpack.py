"""Layers become files, and nothing outside the folder does."""

import io
import tarfile
from pathlib import Path

import pytest

from sandbox.errors import SandboxError
from sandbox.image.unpack import unpack


def member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "", mode: int = 0o644) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode = kind, target, mode
    return info


def layer(*members: tarfile.TarInfo | tuple[str, bytes]) -> io.BytesIO:
    buffer = io.BytesIO()
    with tarfile.open(mode="w:gz", fileobj=buffer) as archive:
        for entry in members:
            if isinstance(entry, tuple):
                info = member(entry[0])
                info.size = len(entry[1])
                archive.addfile(info, io.BytesIO(entry[1]))
            else:
                archive.addfile(entry)
    buffer.seek(0)
    return buffer


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_a_later_layer_lies_over_an_earlier_one(tmp_path: Path) -> None:
    unpack([layer(("a/x", b"1"), ("a/y", b"1")), layer(("./a/x", b"2"))], tmp_path)
    assert (tmp_path / "a/x").read_bytes() == b"2"
    assert (tmp_path / "a/y").read_bytes() == b"1"


def test_a_whiteout_removes_what_lies_below_and_itself(tmp_path: Path) -> None:
    unpack(
        [layer(("a/x", b""), ("b/c/d", b""), ("e", b"")), layer(("a/.wh.x", b""), (".wh.b", b""))], tmp_path
    )
    assert names(tmp_path) == {"a", "e"}


@pytest.mark.parametrize("first", [True, False])
def test_an_opaque_folder_hides_the_layers_below_and_not_its_own(tmp_path: Path, first: bool) -> None:
    opaque, own = ("a/.wh..wh..opq", b""), ("a/c/new", b"")
    above = layer(opaque, own) if first else layer(own, opaque)
    unpack([layer(("a/old", b""), ("a/c/old", b""), ("z", b"")), above], tmp_path)
    assert names(tmp_path) == {"a", "a/c", "a/c/new", "z"}


def test_a_file_may_become_a_folder_and_a_folder_a_link(tmp_path: Path) -> None:
    above = layer(member("a", tarfile.DIRTYPE, mode=0o755), ("a/x", b""), member("b", tarfile.SYMTYPE, "a"))
    unpack([layer(("a", b""), ("b/y", b"")), above], tmp_path)
    assert (tmp_path / "b/x").is_file()


def test_links_inside_the_folder_are_kept(tmp_path: Path) -> None:
    unpack(
        [
            layer(
                ("usr/lib/x", b"1"),
                member("lib", tarfile.SYMTYPE, "usr/lib"),
                ("lib/y", b"2"),
                member("usr/lib/z", tarfile.SYMTYPE, "../../lib/x"),
                member("hard", tarfile.LNKTYPE, "lib/x"),
            )
        ],
        tmp_path,
    )
    assert (tmp_path / "usr/lib/y").read_bytes() == b"2"
    assert (tmp_path / "usr/lib/z").read_bytes() == b"1"
    assert (tmp_path / "hard").read_bytes() == b"1"


def test_no_right_of_another_user_is_taken_from_an_image(tmp_path: Path) -> None:
    unpack(
        [layer(member("x", mode=0o6755), member("d", tarfile.DIRTYPE, mode=0o500), ("d/y", b""))], tmp_path
    )
    assert (tmp_path / "x").stat().st_mode & 0o7777 == 0o755
    assert (tmp_path / "d/y").is_file()


@pytest.mark.parametrize(
    "bad",
    [
        [("../x", b"")],
        [("a/../../x", b"")],
        [("/x", b"")],
        [member("a", tarfile.SYMTYPE, "/etc")],
        [member("a", tarfile.SYMTYPE, "..")],
        [member("a/b", tarfile.SYMTYPE, "../../x")],
        [member("a", tarfile.SYMTYPE, "b/../../x")],
        [
            member("deep/er/d", tarfile.SYMTYPE, "../../flat"),
            member("deep/er/d/l", tarfile.SYMTYPE, "../../x"),
        ],
        [member("x", tarfile.LNKTYPE, "../../etc/passwd")],
        [member("x", tarfile.LNKTYPE, "absent")],
        [member("x", tarfile.CHRTYPE)],
        [member("x", tarfile.BLKTYPE)],
        [member("x", tarfile.FIFOTYPE)],
        [("a", b""), ("a/b", b"")],
    ],
    ids=lambda bad: ", ".join(
        f"{entry.name} -> {entry.linkname}" if isinstance(entry, tarfile.TarInfo) else entry[0]
        for entry in bad
    ),
)
def test_what_reaches_out_of_the_folder_is_refused(
    bad: list[tarfile.TarInfo | tuple[str, bytes]], tmp_path: Path
) -> None:
    folder = tmp_path / "around" / "root"
    with pytest.raises(SandboxError):
        unpack([layer(*bad)], folder)
    assert names(tmp_path / "around") - names_below(folder, tmp_path / "around") == {"root"}


def names_below(folder: Path, around: Path) -> set[str]:
    return {path.relative_to(around).as_posix() for path in folder.rglob("*")}


def test_a_link_that_was_there_before_is_not_followed_out(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "root" / "a").symlink_to(tmp_path / "outside")
    with pytest.raises(SandboxError, match="leaves the folder by a link"):
        unpack([layer(("a/x", b""))], tmp_path / "root")
    assert names(tmp_path / "outside") == set()


@pytest.mark.parametrize("keep_bytes", [0, 10, 100, -9])
def test_a_damaged_layer_is_told_apart_from_a_whole_one(tmp_path: Path, keep_bytes: int) -> None:
    whole = layer(("a", bytes(range(256)) * 64)).getvalue()
    with pytest.raises(SandboxError, match="layer 2 of the image is damaged"):
        unpack([layer(), io.BytesIO(whole[:keep_bytes])], tmp_path)
