"""The sandbox's registry, and whether plain moto has become one."""

import hashlib
import json
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from werkzeug.serving import make_server

from sandbox import extensions
from sandbox.controlplane.moto_host import moto_application
from sandbox.extensions import ecr as extension
from sandbox.extensions.ecr import blob_app
from sandbox.image import links
from sandbox.image.blobs import BlobStore
from sandbox.image.links import LayerLinks
from sandbox.image.oci import MANIFEST_TYPE, Image, Platform, write_image, write_layer
from sandbox.image.push import push
from sandbox.image.tree import File

REPOSITORY = "triage"
GONE = "sha256:" + "0" * 64


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """moto over real HTTP, and the layers beside it."""
    aws = moto_application()

    def application(environ: Any, start_response: StartResponse) -> Any:
        chosen = blob_app if environ["PATH_INFO"].startswith(links.PATH) else aws
        return chosen(environ, start_response)

    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def client(url: str) -> Any:
    """A client of an account of its own, with one repository."""
    account = f"{uuid.uuid4().int % 10**12:012d}"
    ecr = boto3.client(
        "ecr",
        "eu-west-1",
        endpoint_url=url,
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        config=Config(retries={"max_attempts": 0}),
    )
    ecr.meta.events.register(
        "before-sign.ecr.*", lambda request, **_: request.headers.add_header("x-moto-account-id", account)
    )
    ecr.create_repository(repositoryName=REPOSITORY)
    return ecr


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "registry")


@pytest.fixture
def ecr(url: str, blobs: BlobStore) -> Any:
    extension.apply(blobs)
    return client(url)


@pytest.fixture
def image(tmp_path: Path) -> tuple[Image, BlobStore]:
    return make_image(tmp_path / "built", b"one")


def make_image(folder: Path, content: bytes) -> tuple[Image, BlobStore]:
    built = BlobStore(folder)
    layer = write_layer({"file": File(content=content)}, "COPY", built)
    made = write_image(
        config={},
        platform=Platform(os="linux", architecture="amd64"),
        history=[("COPY", layer)],
        annotations={},
        blobs=built,
    )
    return made, built


def sha256(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def upload(ecr: Any, *parts: bytes, digest: str) -> Any:
    upload_id = ecr.initiate_layer_upload(repositoryName=REPOSITORY)["uploadId"]
    first = 0
    for part in parts:
        answer = send(ecr, upload_id, first, part)
        first += len(part)
        assert answer["lastByteReceived"] == first - 1
    return ecr.complete_layer_upload(repositoryName=REPOSITORY, uploadId=upload_id, layerDigests=[digest])


def send(ecr: Any, upload_id: str, first: int, part: bytes, last: int | None = None) -> Any:
    return ecr.upload_layer_part(
        repositoryName=REPOSITORY,
        uploadId=upload_id,
        partFirstByte=first,
        partLastByte=first + len(part) - 1 if last is None else last,
        layerPartBlob=part,
    )


def put(ecr: Any, image: Image, tag: str | None = "one", **options: str) -> Any:
    return ecr.put_image(
        repositoryName=REPOSITORY,
        imageManifest=image.manifest.decode(),
        imageManifestMediaType=MANIFEST_TYPE,
        **({"imageTag": tag} if tag else {}),
        **options,
    )


def put_text(ecr: Any, manifest: str, repository: str = REPOSITORY) -> Any:
    return ecr.put_image(repositoryName=repository, imageManifest=manifest, imageTag="x")


def refused(call: Callable[[], Any]) -> str:
    """The code of the error that a call ends with; a call that succeeds answers so."""
    try:
        call()
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "accepted"


def availability(ecr: Any, digest: str) -> str:
    answer = ecr.batch_check_layer_availability(repositoryName=REPOSITORY, layerDigests=[digest])
    codes = [layer["layerAvailability"] for layer in answer["layers"]]
    return str([*codes, *(failure["failureCode"] for failure in answer["failures"])][0])


# --- layers ---


def test_a_layer_sent_in_parts_is_kept_under_its_digest(ecr: Any, blobs: BlobStore) -> None:
    digest = sha256(b"first second")
    assert upload(ecr, b"first ", b"second", digest=digest)["layerDigest"] == digest
    assert blobs.open(digest).read() == b"first second"
    assert availability(ecr, digest) == "AVAILABLE"
    assert availability(ecr, GONE) == "MissingLayerDigest"
    assert refused(lambda: upload(ecr, b"first second", digest=digest)) == "LayerAlreadyExistsException"


def test_a_layer_that_is_not_what_was_announced_is_refused_and_forgotten(ecr: Any, blobs: BlobStore) -> None:
    assert refused(lambda: upload(ecr, b"other", digest=GONE)) == "InvalidLayerException"
    assert sha256(b"other") not in blobs
    assert availability(ecr, sha256(b"other")) == "MissingLayerDigest"


def test_parts_that_do_not_follow_each_other_are_refused(ecr: Any) -> None:
    upload_id = ecr.initiate_layer_upload(repositoryName=REPOSITORY)["uploadId"]
    assert refused(lambda: send(ecr, upload_id, 5, b"x")) == "InvalidLayerPartException"
    assert refused(lambda: send(ecr, upload_id, 0, b"x", last=7)) == "InvalidLayerPartException"
    assert send(ecr, upload_id, 0, b"xy")["lastByteReceived"] == 1
    assert refused(lambda: send(ecr, upload_id, 1, b"y")) == "InvalidLayerPartException"


def test_an_upload_without_parts_or_unknown_is_refused(ecr: Any) -> None:
    assert refused(lambda: upload(ecr, digest=GONE)) == "EmptyUploadException"
    assert refused(lambda: send(ecr, "nothing", 0, b"x")) == "UploadNotFoundException"


def test_a_layer_whose_bytes_are_gone_has_to_be_sent_again(ecr: Any, blobs: BlobStore) -> None:
    digest = sha256(b"layer")
    upload(ecr, b"layer", digest=digest)
    blobs.path(digest).unlink()
    assert availability(ecr, digest) == "MissingLayerDigest"
    upload(ecr, b"layer", digest=digest)
    assert availability(ecr, digest) == "AVAILABLE"


def test_a_restart_forgets_what_was_half_sent_and_keeps_the_rest(ecr: Any, blobs: BlobStore) -> None:
    upload(ecr, b"layer", digest=sha256(b"layer"))
    upload_id = ecr.initiate_layer_upload(repositoryName=REPOSITORY)["uploadId"]
    send(ecr, upload_id, 0, b"x")
    extension.apply(blobs)
    assert availability(ecr, sha256(b"layer")) == "AVAILABLE"
    assert refused(lambda: send(ecr, upload_id, 1, b"y")) == "UploadNotFoundException"


def test_a_layer_of_one_repository_is_not_in_another(ecr: Any) -> None:
    upload(ecr, b"layer", digest=sha256(b"layer"))
    ecr.create_repository(repositoryName="other")
    answer = ecr.batch_check_layer_availability(repositoryName="other", layerDigests=[sha256(b"layer")])
    assert answer["layers"] == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_a_full_disk_is_told_in_the_apis_own_words(ecr: Any, tmp_path: Path) -> None:
    upload_id = ecr.initiate_layer_upload(repositoryName=REPOSITORY)["uploadId"]
    path = tmp_path / "registry" / "unfinished" / upload_id
    path.unlink()
    path.symlink_to("/dev/full")
    with pytest.raises(ClientError, match="no space left for image layers"):
        send(ecr, upload_id, 0, b"x")


# --- images ---


def test_an_image_has_the_hash_of_its_manifest_and_comes_back_byte_for_byte(
    ecr: Any, image: tuple[Image, BlobStore]
) -> None:
    made, built = image
    push(made, built, ecr, repository=REPOSITORY, tag="one")
    got = ecr.batch_get_image(repositoryName=REPOSITORY, imageIds=[{"imageDigest": made.digest}])["images"][0]
    assert got["imageManifest"].encode() == made.manifest
    assert got["imageManifestMediaType"] == MANIFEST_TYPE
    assert got["imageId"] == {"imageDigest": made.digest, "imageTag": "one"}
    (described,) = ecr.describe_images(repositoryName=REPOSITORY)["imageDetails"]
    assert described["imageDigest"] == made.digest
    assert described["imageSizeInBytes"] == sum(built.size_bytes(digest) for digest in made.blobs)


def test_pushing_again_sends_nothing(ecr: Any, image: tuple[Image, BlobStore]) -> None:
    made, built = image
    sent: list[str] = []
    ecr.meta.events.register("provide-client-params.ecr.*", lambda model, **_: sent.append(model.name))
    push(made, built, ecr, repository=REPOSITORY, tag="one")
    assert sent.count("CompleteLayerUpload") == len(made.blobs)
    sent.clear()
    push(made, built, ecr, repository=REPOSITORY, tag="one")
    push(made, built, ecr, repository=REPOSITORY, tag="two")
    assert set(sent) == {"BatchCheckLayerAvailability", "PutImage"}
    (described,) = ecr.describe_images(repositoryName=REPOSITORY)["imageDetails"]
    assert described["imageTags"] == ["one", "two"]


def test_an_image_is_refused_for_a_wrong_digest_missing_layers_and_what_is_no_manifest(
    ecr: Any, image: tuple[Image, BlobStore]
) -> None:
    made, built = image
    assert refused(lambda: put(ecr, made)) == "LayersNotFoundException"
    push(made, built, ecr, repository=REPOSITORY, tag="one")
    assert refused(lambda: put(ecr, made, imageDigest=GONE)) == "ImageDigestDoesNotMatchException"
    index = {"mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [{"digest": GONE}]}
    assert [refused(partial(put_text, ecr, text)) for text in ("{", "[]", "{}", json.dumps(index))] == [
        "InvalidParameterException",
        "InvalidParameterException",
        "InvalidParameterException",
        "ReferencedImagesNotFoundException",
    ]
    assert refused(lambda: put(ecr, made, None)) == "ImageAlreadyExistsException"
    assert refused(lambda: put(ecr, made, "one")) == "ImageAlreadyExistsException"
    assert refused(partial(put_text, ecr, made.manifest.decode(), "absent")) == "RepositoryNotFoundException"


def test_a_tag_moves_where_it_may_and_the_image_that_loses_it_stays(ecr: Any, tmp_path: Path) -> None:
    (first, first_blobs), (second, second_blobs) = (
        make_image(tmp_path / name, name.encode()) for name in ("first", "second")
    )
    push(first, first_blobs, ecr, repository=REPOSITORY, tag="now")
    push(second, second_blobs, ecr, repository=REPOSITORY, tag="now")
    described = ecr.describe_images(repositoryName=REPOSITORY)["imageDetails"]
    tags = {details["imageDigest"]: details.get("imageTags") for details in described}
    assert tags == {first.digest: None, second.digest: ["now"]}
    ecr.put_image_tag_mutability(repositoryName=REPOSITORY, imageTagMutability="IMMUTABLE")
    assert refused(lambda: put(ecr, first, "now")) == "ImageTagAlreadyExistsException"
    assert refused(lambda: put(ecr, second, "now")) == "ImageAlreadyExistsException"
    assert refused(lambda: put(ecr, first, "then")) == "accepted"


# --- fetching ---


def fetch(url: str, method: str = "GET") -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method)) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_what_was_pushed_is_fetched_again_without_credentials(ecr: Any, tmp_path: Path) -> None:
    made, built = make_image(tmp_path / "built", bytes(range(256)) * 1000)
    push(made, built, ecr, repository=REPOSITORY, tag="one")
    for digest in made.blobs:
        url = ecr.get_download_url_for_layer(repositoryName=REPOSITORY, layerDigest=digest)["downloadUrl"]
        assert url.startswith(ecr.meta.endpoint_url + links.PATH)
        assert fetch(url) == (200, built.open(digest).read())
        assert fetch(url[:-1] + ("0" if url[-1] != "0" else "1"))[0] == 403
        assert fetch(url, "PUT")[0] == 405
    assert fetch(f"{ecr.meta.endpoint_url}{links.PATH}../../etc/passwd")[0] == 403


def test_a_layer_that_is_not_there_or_in_no_image_has_no_address(ecr: Any) -> None:
    def address(digest: str) -> Any:
        return ecr.get_download_url_for_layer(repositoryName=REPOSITORY, layerDigest=digest)

    assert refused(lambda: address(GONE)) == "LayersNotFoundException"
    upload(ecr, b"layer", digest=sha256(b"layer"))
    assert refused(lambda: address(sha256(b"layer"))) == "LayerInaccessibleException"


def test_an_address_ends_after_its_time_and_with_its_process(blobs: BlobStore) -> None:
    digest = blobs.write([b"layer"])

    def status(to: LayerLinks, path: str) -> str:
        answers: list[str] = []
        list(to({"PATH_INFO": path, "REQUEST_METHOD": "GET"}, lambda code, _: answers.append(code)))  # type: ignore[arg-type]
        return answers[0]

    made, restarted = LayerLinks(blobs), LayerLinks(blobs)
    assert status(made, made.path_of(digest)) == "200 OK"
    assert status(made, made.path_of(digest, now=time.time() - links.LIFETIME_SECONDS - 1)) == "403 Forbidden"
    assert status(restarted, made.path_of(digest)) == "403 Forbidden"
    blobs.path(digest).unlink()
    assert status(made, made.path_of(digest)) == "404 Not Found"


# --- when one of these fails, moto has learnt what the extension is for, and the extension can go ---


@pytest.fixture
def plain(url: str) -> Iterator[Any]:
    extensions.apply()
    with extensions.removed():
        yield client(url)


def test_plain_moto_still_takes_any_bytes_for_any_digest(plain: Any) -> None:
    assert refused(lambda: upload(plain, b"other", digest=GONE)) == "accepted"
    assert refused(lambda: upload(plain, digest=GONE)) == "accepted"


def test_plain_moto_still_takes_parts_of_another_length(plain: Any) -> None:
    upload_id = plain.initiate_layer_upload(repositoryName=REPOSITORY)["uploadId"]
    assert refused(lambda: send(plain, upload_id, 0, b"x", last=7)) == "accepted"


def test_plain_moto_still_keeps_the_parts_in_memory(plain: Any) -> None:
    from moto.ecr.models import LayerUpload

    assert hasattr(LayerUpload("name", "id"), "layer_parts")


def test_plain_moto_still_gives_no_address_of_a_layer(plain: Any) -> None:
    assert (
        refused(lambda: plain.get_download_url_for_layer(repositoryName=REPOSITORY, layerDigest=GONE))
        == "500"
    )


def test_plain_moto_still_believes_any_digest_and_asks_for_no_layer(
    plain: Any, image: tuple[Image, BlobStore]
) -> None:
    made, _ = image
    assert refused(lambda: put(plain, made, "a", imageDigest=GONE)) == "accepted"


def test_plain_moto_still_drops_an_image_whose_tag_moves_and_misnames_the_refusal(
    plain: Any, tmp_path: Path
) -> None:
    first, second = (make_image(tmp_path / name, name.encode())[0] for name in ("first", "second"))
    put(plain, first, "now")
    put(plain, second, "now")
    assert len(plain.describe_images(repositoryName=REPOSITORY)["imageDetails"]) == 1
    plain.put_image_tag_mutability(repositoryName=REPOSITORY, imageTagMutability="IMMUTABLE")
    assert refused(lambda: put(plain, first, "now")) == "ImageAlreadyExistsException"


def test_plain_moto_still_takes_the_configuration_for_the_whole_image(
    plain: Any, image: tuple[Image, BlobStore]
) -> None:
    made, built = image
    put(plain, made)
    (described,) = plain.describe_images(repositoryName=REPOSITORY)["imageDetails"]
    assert described["imageSizeInBytes"] == built.size_bytes(made.config_digest)
