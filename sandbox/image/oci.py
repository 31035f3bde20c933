"""Writes images as the OCI image specification v1.1 describes them, the same bytes for the same content."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.image.blobs import BlobStore
from sandbox.image.tree import Entry, File, Folder, Link, Tree

MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip"
# The one moment that every build agrees on.
CREATED = "1970-01-01T00:00:00Z"
# zlib's own default: a higher level costs twice the time for a few per cent.
COMPRESSION_LEVEL = 6


@dataclass(frozen=True, kw_only=True)
class Layer:
    """A layer in a blob store: of the compressed bytes digest and size, of the tar file its digest."""

    digest: str
    size_bytes: int
    diff_id: str
    created_by: str


@dataclass(frozen=True, kw_only=True)
class Platform:
    """What an image is made for, in the words of the Go toolchain."""

    os: str
    architecture: str

    @classmethod
    def parse(cls, text: str) -> "Platform":
        """Read `linux/arm64`. Raises ValueError for anything but an operating system and an architecture."""
        steps = text.split("/")
        if len(steps) != 2 or not all(steps):
            raise ValueError(f"{text!r} is not of the form linux/amd64 or linux/arm64")
        return cls(os=steps[0], architecture=steps[1])


@dataclass(frozen=True, kw_only=True)
class Image:
    """A built image: the exact bytes of its manifest, and the digests of the blobs that it names."""

    manifest: bytes
    config_digest: str
    layers: tuple[Layer, ...] = field(default=())

    @property
    def digest(self) -> str:
        """What the image is known by."""
        return "sha256:" + hashlib.sha256(self.manifest).hexdigest()

    @property
    def blobs(self) -> tuple[str, ...]:
        """The digests of all that has to be in a registry before the manifest."""
        return tuple(dict.fromkeys([self.config_digest, *(layer.digest for layer in self.layers)]))


def write_layer(tree: Tree, created_by: str, blobs: BlobStore) -> Layer:
    """Pack a tree into one compressed layer: sorted, without times and without anything of this machine."""
    upload = blobs.begin()
    try:
        compressed = _Compressor(blobs, upload)
        with tarfile.open(mode="w|", fileobj=compressed, format=tarfile.PAX_FORMAT) as archive:
            for path, entry in sorted(tree.items()):
                _add(archive, path, entry)
        diff_id = compressed.finish()
        digest = blobs.finish(upload)
    except BaseException:
        blobs.discard(upload)
        raise
    return Layer(digest=digest, size_bytes=blobs.size_bytes(digest), diff_id=diff_id, created_by=created_by)


def write_image(
    *,
    config: dict[str, Any],
    platform: Platform,
    history: Sequence[tuple[str, Layer | None]],
    annotations: dict[str, str],
    blobs: BlobStore,
) -> Image:
    """Write the configuration and make the manifest. `history` is each instruction with the layer it made."""
    layers = tuple(layer for _, layer in history if layer is not None)
    config_bytes = canonical(
        {
            "architecture": platform.architecture,
            "os": platform.os,
            "created": CREATED,
            "config": config,
            "rootfs": {"type": "layers", "diff_ids": [layer.diff_id for layer in layers]},
            "history": [
                {"created": CREATED, "created_by": text, **({} if layer else {"empty_layer": True})}
                for text, layer in history
            ],
        }
    )
    config_digest = blobs.write([config_bytes])
    manifest = canonical(
        {
            "schemaVersion": 2,
            "mediaType": MANIFEST_TYPE,
            "config": {"mediaType": CONFIG_TYPE, "digest": config_digest, "size": len(config_bytes)},
            "layers": [
                {"mediaType": LAYER_TYPE, "digest": layer.digest, "size": layer.size_bytes}
                for layer in layers
            ],
            "annotations": annotations,
        }
    )
    return Image(manifest=manifest, config_digest=config_digest, layers=layers)


def canonical(value: dict[str, Any]) -> bytes:
    """JSON with one way to write it."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _add(archive: tarfile.TarFile, path: str, entry: Entry) -> None:
    info = tarfile.TarInfo(path)
    info.uid, info.gid, info.mtime = entry.uid, entry.gid, 0
    match entry:
        case File():
            content = entry.read()
            info.size, info.mode = len(content), entry.mode
            archive.addfile(info, io.BytesIO(content))
        case Folder():
            info.type, info.mode = tarfile.DIRTYPE, entry.mode
            archive.addfile(info)
        case Link():
            info.type, info.mode, info.linkname = tarfile.SYMTYPE, 0o777, entry.target
            archive.addfile(info)


class _Compressor(io.RawIOBase):
    """Takes a tar file, sends it compressed to an upload, and knows the hash of what it took."""

    def __init__(self, blobs: BlobStore, upload: str) -> None:
        self._blobs = blobs
        self._upload = upload
        self._taken = hashlib.sha256()
        self._buffer = io.BytesIO()
        self._gzip = gzip.GzipFile(
            filename="", mode="wb", compresslevel=COMPRESSION_LEVEL, fileobj=self._buffer, mtime=0
        )

    def write(self, data: Any) -> int:
        self._taken.update(data)
        self._gzip.write(data)
        if self._buffer.tell() > 1024 * 1024:
            self._send()
        return len(data)

    def finish(self) -> str:
        """Send the rest; the digest of the tar file."""
        self._gzip.close()
        self._send()
        return "sha256:" + self._taken.hexdigest()

    def _send(self) -> None:
        self._blobs.append(self._upload, self._buffer.getvalue())
        self._buffer.seek(0)
        self._buffer.truncate()
