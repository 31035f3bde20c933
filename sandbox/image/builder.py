"""Builds a Dockerfile into an image without a container engine (docs/decisions/0003)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.errors import SandboxError
from sandbox.image.blobs import BlobStore
from sandbox.image.dependencies import Runtime
from sandbox.image.dockerfile import parse
from sandbox.image.ignore import Ignore
from sandbox.image.oci import Image, Layer, Platform, write_image, write_layer
from sandbox.image.stages import Stages
from sandbox.image.tree import Entry, File, digest_of, read_folder

RUNTIME_ANNOTATION = "dev.slipway.image.runtime"


@dataclass(frozen=True, kw_only=True)
class Source:
    """What an image is built from: the folder, the Dockerfile, the arguments and the stage that is wanted."""

    context: Path
    dockerfile: Path
    arguments: Mapping[str, str] = field(default_factory=dict)
    target: str | None = None

    def read(self) -> tuple[str, dict[str, Entry]]:
        """The Dockerfile's text and the files of the folder. Raises SandboxError when either is not there."""
        if not self.context.is_dir():
            raise SandboxError(f"the build context {self.context} is no folder", "correct build.context")
        try:
            text = self.dockerfile.read_text()
        except (OSError, UnicodeDecodeError) as error:
            raise SandboxError(
                f"the Dockerfile {self.dockerfile} cannot be read: {error}", "correct build.dockerfile"
            ) from error
        return text, read_folder(self.context, Ignore.of(self.context, self.dockerfile))

    def digest(self) -> str:
        """Another one when a file, the Dockerfile or the Python of this machine is another.

        Raises DockerfileError for what cannot be read: a preview names the line already.
        """
        text, tree = self.read()
        parse(text)
        runtime = str(Runtime.of_this_machine())
        known = {"Dockerfile": text.encode(), "runtime": runtime.encode()}
        return digest_of({f"../{name}": File(content=content) for name, content in known.items()} | tree)


def build(source: Source, platform: Platform, blobs: BlobStore, cache: Path) -> Image:
    """Build the wanted stage (the last one if none is named) and those it copies from.

    The same source gives the same digest, wherever it lies and whenever it is built. Raises DockerfileError
    with the line for what cannot be built here.
    """
    text, context = source.read()
    stages = Stages(parse(text), context, source.arguments, cache)
    state = stages.built(stages.index_of(source.target))
    layers: list[tuple[str, Layer | None]] = [
        (text, None if files is None else write_layer(files, text, blobs)) for text, files in state.steps
    ]
    config = dict(state.config)
    if state.environment:
        config["Env"] = [f"{name}={value}" for name, value in state.environment.items()]
    return write_image(
        config=config,
        platform=platform,
        history=layers,
        annotations=_annotations(state.base),
        blobs=blobs,
    )


def _annotations(base: str) -> dict[str, str]:
    annotations = {RUNTIME_ANNOTATION: str(Runtime.of_this_machine())}
    if base != "scratch":
        name, _, digest = base.partition("@")
        annotations["org.opencontainers.image.base.name"] = name
        if digest:
            annotations["org.opencontainers.image.base.digest"] = digest
    return annotations
