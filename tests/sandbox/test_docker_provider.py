"""The provider of images, against a registry over real HTTP."""

import json
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from werkzeug.serving import make_server

from awsmodel.errors import ModelError
from sandbox.controlplane.moto_host import moto_application
from sandbox.errors import SandboxError
from sandbox.extensions import ecr as extension
from sandbox.image.blobs import BlobStore
from sandbox.image.reference import ImageReference
from sandbox.providers.access import Access
from sandbox.providers.base import Wish
from sandbox.providers.docker import TOKEN, DockerProvider
from sandbox.providers.values import UNKNOWN

# The account that moto gives to a key that it does not know.
ACCOUNT = "123456789012"
WISH = Wish(token=TOKEN, name="triage", urn="urn:pulumi:dev::slipway::docker:index/image:Image::triage")
FOREVER_SECONDS = 600.0


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """moto over real HTTP."""
    server = make_server("127.0.0.1", 0, moto_application(), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


class Registry:
    """A repository of its own in a registry that runs."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.name = f"triage-{uuid.uuid4().hex}"
        self.ecr = boto3.client(
            "ecr", "eu-west-1", endpoint_url=url, aws_access_key_id="k", aws_secret_access_key="s"
        )
        self.ecr.create_repository(repositoryName=self.name, imageTagMutability="IMMUTABLE")

    @property
    def image_name(self) -> str:
        return f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/{self.name}:one"

    def manifest(self, reference: str) -> dict[str, Any]:
        repository, digest = reference.split("@")
        assert repository == self.image_name.removesuffix(":one")
        (image,) = self.ecr.batch_get_image(repositoryName=self.name, imageIds=[{"imageDigest": digest}])[
            "images"
        ]
        manifest: dict[str, Any] = json.loads(image["imageManifest"])
        return manifest


@pytest.fixture
def registry(url: str, tmp_path: Path) -> Registry:
    extension.apply(BlobStore(tmp_path / "registry"))
    return Registry(url)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The folder of a program, beside that of an application."""
    (tmp_path / "infra").mkdir()
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main.py").write_text("one")
    (tmp_path / "app" / "Dockerfile").write_text('FROM python:3.13-slim\nCOPY main.py /\nCMD ["/main.py"]\n')
    return tmp_path / "infra"


@pytest.fixture
def provider(registry: Registry, program: Path, tmp_path: Path) -> DockerProvider:
    access = Access(
        environment="dev", account_id=ACCOUNT, region="eu-west-1", access_key_id="k", secret_access_key="s"
    )
    return DockerProvider(access, registry.url, program, tmp_path / "cache")


def inputs(running: Registry, /, **changes: Any) -> dict[str, Any]:
    return {
        "imageName": running.image_name,
        "build": {"context": "../app", "dockerfile": "../app/Dockerfile", "platform": "linux/arm64"},
        "registry": {"server": "a server", "username": "AWS", "password": "swordfish"},
        "skipPush": False,
        "buildOnPreview": False,
        **changes,
    }


def checked(provider: DockerProvider, given: dict[str, Any]) -> dict[str, Any]:
    result, failures = provider.check(WISH, {}, given, b"")
    assert failures == []
    return result


def test_an_image_is_built_pushed_and_known_by_its_digest(
    provider: DockerProvider, registry: Registry
) -> None:
    physical_id, state = provider.create(WISH, checked(provider, inputs(registry)), FOREVER_SECONDS)
    assert physical_id == registry.image_name
    assert state == {
        "baseImageName": registry.image_name,
        "context": "../app",
        "dockerfile": "../app/Dockerfile",
        "imageName": registry.image_name,
        "platform": "linux/arm64",
        "registryServer": "a server",
        "repoDigest": state["repoDigest"],
    }
    annotations = registry.manifest(state["repoDigest"])["annotations"]
    assert annotations["org.opencontainers.image.base.name"] == "python:3.13-slim"
    assert "swordfish" not in json.dumps(state)


def test_nothing_changes_until_the_source_does(
    provider: DockerProvider, registry: Registry, program: Path
) -> None:
    before = checked(provider, inputs(registry))
    assert provider.diff(WISH, before, checked(provider, inputs(registry)), {}).changed == set()
    (program.parent / "app" / "main.py").write_text("two")
    after = checked(provider, inputs(registry))
    assert provider.diff(WISH, before, after, {}).changed == {"build"}
    assert provider.diff(WISH, before, after, {}).replaces == set()


def test_a_new_password_is_no_change_and_a_new_server_is_one(
    provider: DockerProvider, registry: Registry
) -> None:
    before = checked(provider, inputs(registry))
    other = {"server": "a server", "username": "AWS", "password": "another"}
    assert (
        provider.diff(WISH, before, checked(provider, inputs(registry, registry=other)), {}).changed == set()
    )
    moved = inputs(registry, registry={**other, "server": "another"})
    assert provider.diff(WISH, before, checked(provider, moved), {}).changed == {"registry"}


def test_what_is_not_known_yet_is_an_update_whose_digest_is_not_known_either(
    provider: DockerProvider, registry: Registry
) -> None:
    before = checked(provider, inputs(registry))
    after = checked(provider, inputs(registry, imageName=UNKNOWN))
    assert provider.diff(WISH, before, after, {}).changed == {"imageName"}
    shown = provider.preview(WISH, after, {})
    assert shown["repoDigest"] is UNKNOWN
    assert shown["context"] == "../app"
    assert checked(provider, inputs(registry, build=UNKNOWN))["build"] is UNKNOWN


def test_an_update_of_the_source_pushes_another_image_and_the_first_one_stays(
    provider: DockerProvider, registry: Registry, program: Path
) -> None:
    old = checked(provider, inputs(registry))
    physical_id, first = provider.create(WISH, old, FOREVER_SECONDS)
    (program.parent / "app" / "main.py").write_text("two")
    new = checked(provider, inputs(registry, imageName=registry.image_name.replace(":one", ":two")))
    second = provider.update(WISH, physical_id, old, new, first, FOREVER_SECONDS)
    assert first["repoDigest"] != second["repoDigest"]
    for state in (first, second):
        assert registry.manifest(state["repoDigest"].replace(":two", ":one"))["layers"]


def test_the_same_source_is_the_same_image_and_pushing_it_again_is_no_error(
    provider: DockerProvider, registry: Registry
) -> None:
    given = checked(provider, inputs(registry))
    assert provider.create(WISH, given, FOREVER_SECONDS) == provider.create(WISH, given, FOREVER_SECONDS)


def test_another_image_under_a_tag_that_may_not_move_is_refused_with_what_to_do(
    provider: DockerProvider, registry: Registry, program: Path
) -> None:
    provider.create(WISH, checked(provider, inputs(registry)), FOREVER_SECONDS)
    (program.parent / "app" / "main.py").write_text("two")
    with pytest.raises(ModelError, match=r"ImageTagAlreadyExistsException: .* another tag") as raised:
        provider.create(WISH, checked(provider, inputs(registry)), FOREVER_SECONDS)
    assert raised.value.property_path == "imageName"


def test_an_image_that_somebody_deleted_is_gone_and_a_deleted_resource_leaves_its_image(
    provider: DockerProvider, registry: Registry
) -> None:
    given = checked(provider, inputs(registry))
    physical_id, state = provider.create(WISH, given, FOREVER_SECONDS)
    provider.delete(WISH, physical_id, state, FOREVER_SECONDS)
    snapshot = provider.read(WISH, physical_id, given, state)
    assert snapshot is not None
    assert (snapshot.inputs, snapshot.state) == (given, state)
    digest = state["repoDigest"].partition("@")[2]
    registry.ecr.batch_delete_image(repositoryName=registry.name, imageIds=[{"imageDigest": digest}])
    assert provider.read(WISH, physical_id, given, state) is None
    registry.ecr.delete_repository(repositoryName=registry.name)
    assert provider.read(WISH, physical_id, given, state) is None


def test_an_image_is_imported_by_its_name(provider: DockerProvider, registry: Registry) -> None:
    physical_id, state = provider.create(WISH, checked(provider, inputs(registry)), FOREVER_SECONDS)
    snapshot = provider.read(WISH, physical_id, {}, {})
    assert snapshot is not None
    assert snapshot.state["repoDigest"] == state["repoDigest"]
    assert snapshot.inputs == {"imageName": physical_id}


def test_an_image_that_is_not_pushed_is_known_by_its_configuration(
    provider: DockerProvider, registry: Registry
) -> None:
    given = checked(provider, inputs(registry, skipPush=True, imageName="anything"))
    _, state = provider.create(WISH, given, FOREVER_SECONDS)
    assert state["repoDigest"].startswith("sha256:")
    assert provider.read(WISH, "anything", given, state) is not None


def test_defaults_are_those_of_the_real_provider(
    provider: DockerProvider, registry: Registry, program: Path
) -> None:
    (program / "Dockerfile").write_text("FROM scratch\nENV A=1\n")
    built = checked(provider, {"imageName": registry.image_name})["build"]
    assert (built["context"], built["dockerfile"]) == (".", "Dockerfile")
    assert built["platform"].startswith("linux/")
    assert len(built["contextDigest"]) == 64


@pytest.mark.parametrize(
    ("changes", "property_name", "reason"),
    [
        ({"imageName": None}, "imageName", "missing"),
        ({"imageName": "triage:one"}, "imageName", "is no image in ECR; write ACCOUNT"),
        (
            {"imageName": "999999999999.dkr.ecr.eu-west-1.amazonaws.com/x:1"},
            "imageName",
            "another account than dev's, 123456789012",
        ),
        ({"colour": "red"}, "colour", "has no colour; it takes build, buildOnPreview"),
        ({"build": {"dockerfil": "x"}}, "build.dockerfil", "has no build.dockerfil"),
        ({"build": {"context": "../absent"}}, "build.context", "is no folder"),
        ({"build": {"context": "../app", "dockerfile": "../app/absent"}}, "build.context", "cannot be read"),
        (
            {"build": {"context": "../app", "dockerfile": "../app/Dockerfile", "platform": "arm64"}},
            "build.platform",
            "linux/amd64 or linux/arm64",
        ),
    ],
)
def test_a_wrong_input_is_named_before_anything_is_done(
    provider: DockerProvider, registry: Registry, changes: dict[str, Any], property_name: str, reason: str
) -> None:
    _, failures = provider.check(WISH, {}, inputs(registry, **changes), b"")
    assert [(failure.property, reason in failure.reason) for failure in failures] == [(property_name, True)]


def test_a_line_that_cannot_be_built_is_named_at_preview_or_at_the_build(
    provider: DockerProvider, registry: Registry, program: Path
) -> None:
    dockerfile = program.parent / "app" / "Dockerfile"
    dockerfile.write_text("FROM a\nADD x y\n")
    _, failures = provider.check(WISH, {}, inputs(registry), b"")
    assert "Dockerfile line 2: ADD cannot be built here" in failures[0].reason
    dockerfile.write_text("FROM a\nRUN apt-get update\n")
    with pytest.raises(SandboxError, match="Dockerfile line 2: RUN: runs apt-get update"):
        provider.create(WISH, checked(provider, inputs(registry)), FOREVER_SECONDS)


def test_a_repository_that_is_not_there_is_named(provider: DockerProvider, registry: Registry) -> None:
    absent = f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/absent:one"
    with pytest.raises(ModelError, match=r"absent:one in .* RepositoryNotFoundException"):
        provider.create(WISH, checked(provider, inputs(registry, imageName=absent)), FOREVER_SECONDS)


def test_another_type_of_the_package_is_refused_by_its_token(provider: DockerProvider) -> None:
    other = Wish(token="docker:index/container:Container", name="x", urn="x")
    with pytest.raises(ModelError, match="no resource type docker:index/container:Container"):
        provider.check(other, {}, {}, b"")


def test_a_name_without_a_tag_is_the_latest() -> None:
    name = f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/team/triage"
    assert ImageReference.parse(name).tag == "latest"
    assert ImageReference.parse(f"{name}:v1").at("sha256:1") == f"{name}@sha256:1"
