"""The store of layers, and what is left of it when something goes wrong."""

import hashlib
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.errors import SandboxError
from sandbox.image.blobs import BlobStore, DigestMismatchError, read_chunks


def sha256(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@settings(deadline=None)
@given(parts=st.lists(st.binary(max_size=200), max_size=6))
def test_whatever_is_written_is_found_under_its_own_hash(
    parts: list[bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    blobs = BlobStore(tmp_path_factory.mktemp("blobs"))
    digest = blobs.write(parts)
    assert digest == sha256(b"".join(parts))
    assert digest in blobs
    assert blobs.size_bytes(digest) == sum(map(len, parts))
    with blobs.open(digest) as file:
        assert b"".join(read_chunks(file)) == b"".join(parts)


def test_writing_again_changes_nothing(tmp_path: Path) -> None:
    blobs = BlobStore(tmp_path)
    assert blobs.write([b"layer"]) == blobs.write([b"lay", b"er"])
    assert len(files(tmp_path)) == 1


def test_another_store_on_the_same_folder_has_the_same_blobs(tmp_path: Path) -> None:
    digest = BlobStore(tmp_path).write([b"layer"])
    assert digest in BlobStore(tmp_path)


def test_bytes_that_are_not_what_was_announced_are_dropped(tmp_path: Path) -> None:
    blobs = BlobStore(tmp_path)
    upload = blobs.begin()
    blobs.append(upload, b"other")
    with pytest.raises(DigestMismatchError) as raised:
        blobs.finish(upload, sha256(b"layer"))
    assert (raised.value.expected, raised.value.found) == (sha256(b"layer"), sha256(b"other"))
    assert files(tmp_path) == []


def test_a_source_that_fails_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    def chunks() -> object:
        yield b"lay"
        raise RuntimeError("the line broke")

    with pytest.raises(RuntimeError):
        BlobStore(tmp_path).write(chunks())  # type: ignore[arg-type]
    assert files(tmp_path) == []


def test_a_process_killed_in_the_middle_leaves_nothing_that_counts(tmp_path: Path) -> None:
    program = """
import os, signal, sys
from pathlib import Path
from sandbox.image.blobs import BlobStore
def chunks():
    yield b"layer"
    os.kill(os.getpid(), signal.SIGKILL)
BlobStore(Path(sys.argv[1])).write(chunks())
"""
    result = subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    assert result.returncode == -signal.SIGKILL
    blobs = BlobStore(tmp_path)
    assert len(files(tmp_path)) == 1, "the half of a blob lies there"
    assert sha256(b"layer") not in blobs
    blobs.discard_unfinished()
    assert files(tmp_path) == []
    assert blobs.write([b"layer"]) in blobs


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_a_full_disk_is_explained_and_loses_nothing(tmp_path: Path) -> None:
    blobs = BlobStore(tmp_path)
    before = blobs.write([b"before"])
    upload = blobs.begin()
    (tmp_path / "unfinished" / upload).unlink()
    (tmp_path / "unfinished" / upload).symlink_to("/dev/full")
    with pytest.raises(SandboxError, match="no space left") as raised:
        blobs.append(upload, b"layer")
    assert "free some disk space" in raised.value.hint
    assert before in blobs
    assert blobs.uploaded_bytes(upload) is None


def test_what_is_no_digest_is_not_in_the_store_and_names_no_file(tmp_path: Path) -> None:
    blobs = BlobStore(tmp_path)
    for name in ("", "sha256:../../etc/passwd", "sha256:" + "g" * 64, "md5:" + "0" * 64):
        assert name not in blobs
        with pytest.raises(ValueError, match="not a digest"):
            blobs.path(name)
    with pytest.raises(ValueError, match="not the name of an upload"):
        blobs.uploaded_bytes("../sha256/x")
