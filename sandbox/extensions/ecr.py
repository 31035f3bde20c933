"""ECR as a registry that keeps what it is given: real layers, real digests, and layers to fetch again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import StartResponse

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.ecr.exceptions import (
    ImageAlreadyExistsException,
    InvalidLayerPartException,
    InvalidParameterException,
    UploadNotFoundException,
)
from moto.ecr.models import ECRBackend, Image, Repository
from moto.ecr.responses import ECRResponse

from sandbox.errors import SandboxError
from sandbox.extensions import registry
from sandbox.extensions.registry import replaces
from sandbox.image.blobs import BlobStore, DigestMismatchError
from sandbox.image.links import LayerLinks


class RegistryError(ServiceException):
    """An error of ECR, by its code. moto looks for the codes of its own class in a service called `core`."""


@dataclass(frozen=True)
class _Storage:
    blobs: BlobStore
    links: LayerLinks


_storage: _Storage | None = None


def apply(blobs: BlobStore) -> None:
    """Keep layers in `blobs` from now on, and put the extensions on. What was half uploaded is forgotten."""
    global _storage
    blobs.discard_unfinished()
    _storage = _Storage(blobs, LayerLinks(blobs))
    registry.apply()


def blob_app(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """WSGI application for `/_sandbox/layers/...`, where the addresses of layers lead; without signature."""
    return _stored().links(environ, start_response)


def _stored() -> _Storage:
    if _storage is None:
        raise SandboxError(
            "the registry has no place for its layers", "call sandbox.extensions.ecr.apply first"
        )
    return _storage


@replaces(ECRBackend, "initiate_layer_upload")
def initiate_layer_upload(
    original: Callable[..., dict[str, Any]],
    self: ECRBackend,
    repository_name: str,
    registry_id: str | None = None,
) -> dict[str, Any]:
    """moto collects the parts of a layer in memory, and with them in every snapshot."""
    answer = original(self, repository_name, registry_id)
    uploads = self._get_repository(repository_name, registry_id).uploads
    upload = uploads.pop(answer["uploadId"])
    upload.upload_id = _stored().blobs.begin()
    uploads[upload.upload_id] = upload
    return {**answer, "uploadId": upload.upload_id}


@replaces(ECRBackend, "upload_layer_part")
def upload_layer_part(
    original: Callable[..., dict[str, Any]],
    self: ECRBackend,
    repository_name: str,
    upload_id: str,
    part_first_byte: int,
    part_last_byte: int,
    layer_part_blob: bytes,
    registry_id: str | None = None,
) -> dict[str, Any]:
    """moto takes a part whose length is not what was announced."""
    repository = self._get_repository(repository_name, registry_id)
    uploaded_bytes = _uploaded_bytes(repository, upload_id)
    ids = (repository.registry_id, repository_name, upload_id)
    if part_first_byte != uploaded_bytes or part_last_byte - part_first_byte + 1 != len(layer_part_blob):
        raise InvalidLayerPartException(*ids, uploaded_bytes - 1)
    with _disk_full_told():
        _stored().blobs.append(upload_id, layer_part_blob)
    return {
        "registryId": repository.registry_id,
        "repositoryName": repository_name,
        "uploadId": upload_id,
        "lastByteReceived": part_last_byte,
    }


@replaces(ECRBackend, "complete_layer_upload")
def complete_layer_upload(
    original: Callable[..., dict[str, Any]],
    self: ECRBackend,
    repository_name: str,
    upload_id: str,
    layer_digests: list[str],
    registry_id: str | None = None,
) -> dict[str, Any]:
    """moto takes a layer of any content for any digest, takes an empty one, and drops the bytes."""
    repository = self._get_repository(repository_name, registry_id)
    blobs = _stored().blobs
    if _uploaded_bytes(repository, upload_id) == 0:
        raise RegistryError("EmptyUploadException", f"upload {upload_id!r} contains no layer part")
    del repository.uploads[upload_id]
    try:
        with _disk_full_told():
            digest = blobs.finish(upload_id, layer_digests[0])
    except DigestMismatchError as error:
        raise RegistryError(
            "InvalidLayerException", f"the layer is {error.found}, not {error.expected}"
        ) from None
    if _has_layer(repository, digest):
        raise RegistryError(
            "LayerAlreadyExistsException", f"the layer {digest} already exists in {repository_name!r}"
        )
    repository.layers[digest] = blobs.size_bytes(digest)
    return {
        "registryId": repository.registry_id,
        "repositoryName": repository_name,
        "uploadId": upload_id,
        "layerDigest": digest,
    }


@replaces(ECRBackend, "batch_check_layer_availability")
def batch_check_layer_availability(
    original: Callable[..., dict[str, Any]],
    self: ECRBackend,
    repository_name: str,
    layer_digests: list[str],
    registry_id: str | None = None,
) -> dict[str, Any]:
    """moto cannot know that a layer's bytes are gone from the disk; then it has to be sent again."""
    repository = self._get_repository(repository_name, registry_id)
    for digest in layer_digests:
        if digest in repository.layers and not _has_layer(repository, digest):
            del repository.layers[digest]
    return original(self, repository_name, layer_digests, registry_id)


@replaces(ECRResponse, "get_download_url_for_layer")
def get_download_url_for_layer(original: Callable[..., Any], self: ECRResponse) -> ActionResult:
    """moto has no answer to it."""
    repository = self.ecr_backend._get_repository(
        self._get_param("repositoryName"), self._get_param("registryId")
    )
    digest = self._get_param("layerDigest")
    if not _has_layer(repository, digest):
        raise RegistryError("LayersNotFoundException", f"{repository.name!r} has no layer {digest}")
    if not any(digest in _referred(image.image_manifest) for image in repository.images):
        raise RegistryError("LayerInaccessibleException", f"no image of {repository.name!r} has {digest}")
    # The address under which the caller reached the registry is one that the caller can reach.
    asked = urlsplit(self.uri)
    return ActionResult(
        {
            "downloadUrl": f"{asked.scheme}://{asked.netloc}{_stored().links.path_of(digest)}",
            "layerDigest": digest,
        }
    )


@replaces(ECRBackend, "put_image")
def put_image(
    original: Callable[..., Image],
    self: ECRBackend,
    repository_name: str,
    image_manifest: str,
    image_tag: str | None,
    image_manifest_mediatype: str | None = None,
    digest: str | None = None,
) -> Image:
    """moto believes any digest, makes one of the layers' names if none is given, and asks for no layer.

    It also drops an image whose last tag moves to another one; ECR keeps it, without a tag.
    """
    repository = self._get_repository(repository_name)
    found = "sha256:" + hashlib.sha256(image_manifest.encode()).hexdigest()
    if digest not in (None, found):
        raise RegistryError("ImageDigestDoesNotMatchException", f"the manifest is {found}, not {digest}")
    media_type = image_manifest_mediatype or _parsed(image_manifest).get("mediaType")
    if not media_type:
        raise InvalidParameterException("image manifest mediatype not provided in manifest or parameter")
    _refuse_missing(repository, image_manifest)
    same = next((image for image in repository.images if image.image_digest == found), None)
    if same and (image_tag is None or image_tag in same.image_tags):
        raise ImageAlreadyExistsException(repository_name, repository.registry_id, found, image_tag or "")
    # moto lets an image have no tag, whatever its annotation says.
    image = same or Image(
        self.account_id,
        None,  # type: ignore[arg-type]
        image_manifest,
        repository_name,
        media_type,
        found,
    )
    if image_tag is not None:
        for holder in _holders(self, repository, image_tag):
            holder.remove_tag(image_tag)
            holder.image_tag = holder.image_tags[-1] if holder.image_tags else None
        image.update_tag(image_tag)
    if not same:
        repository.images.append(image)
    return image


@replaces(Image, "get_image_size_in_bytes")
def get_image_size_in_bytes(original: Callable[..., int], self: Image) -> int:
    """moto takes the size of an image's configuration for that of the image."""
    manifest = json.loads(self.image_manifest)
    parts = [*manifest.get("layers", []), *manifest.get("manifests", []), manifest.get("config", {})]
    return sum(part.get("size", 0) for part in parts)


def _holders(backend: ECRBackend, repository: Repository, tag: str) -> list[Any]:
    """The images that lose a tag when another one takes it. Raises where tags are immutable."""
    try:
        return backend._resolve_image_tag_mutability(repository, tag)
    except ImageAlreadyExistsException:
        raise RegistryError(
            "ImageTagAlreadyExistsException",
            f"The image tag '{tag}' already exists in the '{repository.name}' repository and cannot be "
            "overwritten because the tag is immutable.",
        ) from None


def _refuse_missing(repository: Repository, manifest: str) -> None:
    missing = [digest for digest in _referred(manifest) if not _has_layer(repository, digest)]
    if missing:
        raise RegistryError(
            "LayersNotFoundException", f"{repository.name!r} has not the layers {', '.join(missing)}"
        )
    images = {image.image_digest for image in repository.images}
    absent = [entry.get("digest") for entry in _parsed(manifest).get("manifests", [])]
    if absent := [digest for digest in absent if digest not in images]:
        raise RegistryError(
            "ReferencedImagesNotFoundException", f"{repository.name!r} has not the images {absent}"
        )


def _referred(manifest: str) -> list[str]:
    """The digests of the blobs that a manifest names: its layers and its configuration."""
    parsed = _parsed(manifest)
    named = [*parsed.get("layers", []), *([parsed["config"]] if "config" in parsed else [])]
    return [entry.get("digest", "") for entry in named]


def _parsed(manifest: str) -> dict[str, Any]:
    try:
        parsed = json.loads(manifest)
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        raise InvalidParameterException(
            "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'"
        )
    return parsed


def _has_layer(repository: Repository, digest: str) -> bool:
    return digest in repository.layers and digest in _stored().blobs


def _uploaded_bytes(repository: Repository, upload_id: str) -> int:
    uploaded = _stored().blobs.uploaded_bytes(upload_id) if upload_id in repository.uploads else None
    if uploaded is None:
        raise UploadNotFoundException(upload_id, repository.name, repository.registry_id)
    return uploaded


@contextmanager
def _disk_full_told() -> Any:
    try:
        yield
    except SandboxError as error:
        # Clients send a part again, in vain, after the errors of the API that would fit better.
        raise InvalidParameterException(f"{error.message}; {error.hint}") from error
