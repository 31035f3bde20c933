"""The `docker` resource provider: images built without a container engine and pushed to ECR."""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError

from awsmodel.errors import ModelError
from sandbox.errors import SandboxError
from sandbox.image.blobs import BlobStore
from sandbox.image.builder import Source, build
from sandbox.image.dependencies import cache_folder
from sandbox.image.oci import Platform
from sandbox.image.push import push
from sandbox.image.reference import ImageReference
from sandbox.providers.access import Access
from sandbox.providers.base import Difference, Failure, Package, Properties, Snapshot, Wish
from sandbox.providers.values import UNKNOWN, has_unknown

TOKEN = "docker:index/image:Image"  # noqa: S105 a type's token, no secret
_INPUTS = frozenset({"build", "buildOnPreview", "imageName", "registry", "skipPush"})
# The last four speak to a container engine, and mean nothing where there is none.
_BUILD_INPUTS = frozenset(
    {
        "args",
        "context",
        "dockerfile",
        "platform",
        "target",
        "addHosts",
        "builderVersion",
        "cacheFrom",
        "network",
    }
)
# In Go's words, as image configurations have them.
_ARCHITECTURES = {"x86_64": "amd64", "AMD64": "amd64", "aarch64": "arm64"}


def package(access: Access, endpoint_url: str, program_folder: Path) -> Package:
    """The package for one environment: it pushes with that environment's credentials.

    `program_folder` is what relative paths in a program are relative to.
    """
    return Package(
        name="docker",
        version=version("pulumi-docker"),
        # All that can be configured is how to reach a container engine.
        check_config=lambda _: [],
        configure=lambda _: DockerProvider(access, endpoint_url, program_folder),
    )


class DockerProvider:
    """Builds and pushes images. The credentials in `registry` are not used: those of the environment are."""

    def __init__(
        self, access: Access, endpoint_url: str, program_folder: Path, cache: Path | None = None
    ) -> None:
        self._access = access
        self._program_folder = program_folder
        self._cache = cache or cache_folder()
        session = boto3.Session(
            aws_access_key_id=access.access_key_id, aws_secret_access_key=access.secret_access_key
        )
        self._ecr = lru_cache(lambda region: session.client("ecr", region, endpoint_url=endpoint_url))

    def check(
        self, wish: Wish, old: Properties, new: Properties, random_seed: bytes
    ) -> tuple[Properties, list[Failure]]:
        """The inputs with their defaults and the digest of what is built, as the real provider has it too."""
        _refuse_other_types(wish.token)
        if failures := _unknown_properties(new):
            return new, failures
        given = new.get("build") or {}
        if given is UNKNOWN:
            return new, self._name_failures(new)
        built = {
            "context": ".",
            "dockerfile": "Dockerfile",
            "platform": f"linux/{_ARCHITECTURES.get(platform.machine(), platform.machine())}",
            **given,
        }
        failures = self._name_failures(new)
        if not has_unknown([built["context"], built["dockerfile"]]):
            try:
                built["contextDigest"] = self._source(built).digest()
            except SandboxError as error:
                # Not `build` as a whole: the engine prints the value at fault, and `args` may hold a secret.
                failures.append(Failure(property="build.context", reason=f"{error.message}; {error.hint}"))
        if not has_unknown(built["platform"]):
            try:
                Platform.parse(built["platform"])
            except ValueError as error:
                failures.append(Failure(property="build.platform", reason=str(error)))
        return {**new, "build": built}, failures

    def diff(self, wish: Wish, old: Properties, new: Properties, state: Properties) -> Difference:
        """What is built or where it goes has changed; a new password for the registry is no change."""
        before, after = _deciding(old), _deciding(new)
        return Difference(
            changed=frozenset(
                name
                for name in before | after
                if has_unknown(after.get(name)) or before.get(name) != after.get(name)
            )
        )

    def preview(self, wish: Wish, inputs: Properties, state: Properties) -> Properties:
        """All but the digest, which only the build will know."""
        return _state(inputs, UNKNOWN)

    def create(self, wish: Wish, inputs: Properties, timeout_seconds: float) -> tuple[str, Properties]:
        return str(inputs["imageName"]), self._built(inputs)

    def update(
        self,
        wish: Wish,
        physical_id: str,
        old: Properties,
        new: Properties,
        state: Properties,
        timeout_seconds: float,
    ) -> Properties:
        return self._built(new)

    def read(self, wish: Wish, physical_id: str, inputs: Properties, state: Properties) -> Snapshot | None:
        """The state while the registry has the image; gone when it has not."""
        _refuse_other_types(wish.token)
        if inputs.get("skipPush"):
            return Snapshot(physical_id=physical_id, inputs=inputs, state=state)
        try:
            image = ImageReference.parse(str(inputs.get("imageName") or physical_id))
        except ValueError as error:
            raise ModelError(str(error)) from error
        digest = str(state.get("repoDigest") or "").partition("@")[2]
        identifier = {"imageDigest": digest} if digest else {"imageTag": image.tag}
        try:
            found = self._ecr(image.region).batch_get_image(
                repositoryName=image.repository, imageIds=[identifier]
            )["images"]
        except ClientError as error:
            if error.response["Error"]["Code"] == "RepositoryNotFoundException":
                return None
            raise _explained(error, image) from error
        if not found:
            return None
        known = inputs or {"imageName": physical_id}
        return Snapshot(
            physical_id=physical_id,
            inputs=known,
            state=state or _state(known, image.at(found[0]["imageId"]["imageDigest"])),
        )

    def present(self, wish: Wish) -> frozenset[str]:
        """Nothing needs to be found: the same image pushed again is the same."""
        return frozenset()

    def find(
        self, wish: Wish, inputs: Properties, present: frozenset[str], taken: frozenset[str]
    ) -> str | None:
        return None

    def delete(self, wish: Wish, physical_id: str, state: Properties, timeout_seconds: float) -> None:
        """Nothing, as the real provider does: what was pushed stays in the registry."""

    def invoke(self, token: str, arguments: Properties) -> Properties:
        raise ModelError(f"the sandbox's docker provider has no function {token}")

    def cancel(self) -> None:
        """A build takes seconds; it is left to end."""

    def _built(self, inputs: Properties) -> Properties:
        settings = inputs["build"]
        with tempfile.TemporaryDirectory(prefix="slipway-image-") as folder:
            blobs = BlobStore(Path(folder))
            image = build(self._source(settings), Platform.parse(settings["platform"]), blobs, self._cache)
            if inputs.get("skipPush"):
                return _state(inputs, image.config_digest)
            reference = ImageReference.parse(inputs["imageName"])
            ecr = self._ecr(reference.region)
            try:
                push(image, blobs, ecr, repository=reference.repository, tag=reference.tag)
            except ClientError as error:
                raise _explained(error, reference) from error
        return _state(inputs, reference.at(image.digest))

    def _source(self, settings: Mapping[str, Any]) -> Source:
        return Source(
            context=self._program_folder / settings["context"],
            dockerfile=self._program_folder / settings["dockerfile"],
            arguments=settings.get("args") or {},
            target=settings.get("target"),
        )

    def _name_failures(self, inputs: Properties) -> list[Failure]:
        name = inputs.get("imageName")
        if name is UNKNOWN or inputs.get("skipPush"):
            return []
        try:
            reference = ImageReference.parse(str(name))
        except ValueError as error:
            return [Failure(property="imageName", reason=str(error))]
        if reference.account_id == self._access.account_id:
            return []
        return [
            Failure(
                property="imageName",
                reason=f"{reference.host} is a registry of another account than "
                f"{self._access.environment}'s, {self._access.account_id}; push to the environment's own",
            )
        ]


def _refuse_other_types(token: str) -> None:
    if token != TOKEN:
        raise ModelError(
            f"the sandbox's docker provider has no resource type {token}; it has {TOKEN}, and "
            "docs/decisions/0003-images-without-a-container-engine.md says why no more"
        )


def _unknown_properties(inputs: Properties) -> list[Failure]:
    built = inputs.get("build")
    unknown = sorted(inputs.keys() - _INPUTS)
    if isinstance(built, Mapping):
        unknown += [f"build.{name}" for name in sorted(built.keys() - _BUILD_INPUTS)]
    known = f"it takes {', '.join(sorted(_INPUTS))}, and in build {', '.join(sorted(_BUILD_INPUTS))}"
    failures = [Failure(property=name, reason=f"{TOKEN} has no {name}; {known}") for name in unknown]
    if not inputs.get("imageName"):
        failures.append(Failure(property="imageName", reason=f"{TOKEN} needs imageName, which is missing"))
    return failures


def _deciding(inputs: Properties) -> Properties:
    registry = inputs.get("registry")
    server = registry.get("server") if isinstance(registry, Mapping) else registry
    return {**inputs, "registry": server} if server is not None else {**inputs}


def _state(inputs: Properties, digest: Any) -> Properties:
    built = inputs.get("build") or {}
    registry = inputs.get("registry") or {}
    return {
        "baseImageName": inputs["imageName"],
        "context": built.get("context"),
        "dockerfile": built.get("dockerfile"),
        "imageName": inputs["imageName"],
        "platform": built.get("platform"),
        "registryServer": registry.get("server", "") if isinstance(registry, Mapping) else registry,
        "repoDigest": digest,
    }


def _explained(error: ClientError, image: ImageReference) -> ModelError:
    code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
    if code == "ImageTagAlreadyExistsException":
        message += " Give what changed another tag, or delete the image."
    return ModelError(
        f"{image.repository}:{image.tag} in {image.host}: {code}: {message}", property_path="imageName"
    )
