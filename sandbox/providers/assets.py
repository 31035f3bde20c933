"""The bytes of the assets and archives that a program hands to a resource."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from awsmodel.errors import ModelError
from sandbox.providers.values import Asset

# the oldest time that a zip file can hold: the same content makes the same bytes
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def readable(asset: Asset, folder: Path) -> bytes:
    """The content of an asset, or a deterministic zip of an archive.

    Paths are relative to `folder`. Raises ModelError when a file is not there, or is somewhere on the
    network: nothing is fetched for a program.
    """
    content = asset.content
    if "assets" in content or (_path(asset, folder) or Path()).is_dir():
        return _zipped(sorted(_files(asset, folder)))
    return _bytes(asset, folder)


def _bytes(asset: Asset, folder: Path) -> bytes:
    if "text" in asset.content:
        return str(asset.content["text"]).encode()
    path = _path(asset, folder)
    if path is None:
        raise ModelError(
            "an asset must be a text or a local path; remote assets are not fetched in the sandbox"
        )
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"the asset {path} cannot be read: {error.strerror}") from error


def _path(asset: Asset, folder: Path) -> Path | None:
    path = asset.content.get("path")
    return folder / path if path else None


def _files(asset: Asset, folder: Path, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    """Each file of an archive: its name inside, and its bytes."""
    for name, inner in (asset.content.get("assets") or {}).items():
        if "assets" in inner.content or (_path(inner, folder) or Path()).is_dir():
            yield from _files(inner, folder, f"{prefix}{name}/")
        else:
            yield f"{prefix}{name}", _bytes(inner, folder)
    path = _path(asset, folder)
    if path is not None:
        for file in sorted(path.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                yield f"{prefix}{file.relative_to(path).as_posix()}", file.read_bytes()


def _zipped(files: list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            entry = zipfile.ZipInfo(name, _ZIP_EPOCH)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return buffer.getvalue()
