"""Images built without a container engine: what is in them, and that they are always the same."""

import hashlib
import json
import os
import posixpath
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.errors import SandboxError
from sandbox.image.blobs import BlobStore
from sandbox.image.builder import RUNTIME_ANNOTATION, Source, build
from sandbox.image.dependencies import Runtime
from sandbox.image.oci import Image, Platform
from sandbox.image.tree import File, check_link, read_folder
from sandbox.image.unpack import unpack

APP = Path(__file__).parents[2] / "app"
LINUX = Platform(os="linux", architecture="amd64")


class Workshop:
    """A folder to build in: sources, blobs, a cache of packages."""

    def __init__(self, folder: Path) -> None:
        self.context = folder / "context"
        self.context.mkdir(parents=True, exist_ok=True)
        self.blobs = BlobStore(folder / "blobs")
        self.cache = folder / "cache"
        self.folder = folder

    def write(self, **files: str) -> None:
        for name, text in files.items():
            path = self.context / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def build(self, dockerfile: str, **options: Any) -> Image:
        (self.folder / "Dockerfile").write_text(dockerfile)
        source = Source(context=self.context, dockerfile=self.folder / "Dockerfile", **options)
        return build(source, LINUX, self.blobs, self.cache)

    def config(self, image: Image) -> dict[str, Any]:
        with self.blobs.open(image.config_digest) as file:
            config: dict[str, Any] = json.load(file)
        return config

    def unpacked(self, image: Image, name: str = "root") -> Path:
        target = self.folder / name
        unpack([self.blobs.open(layer.digest) for layer in image.layers], target)
        return target


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


# --- always the same ---

NAMES = st.text(
    st.characters(codec="utf-8", exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=8
)
STEPS = NAMES.filter(
    lambda name: name not in (".", "..") and not name.startswith(".wh.") and len(name.encode()) < 200
)
LEAVES = st.tuples(st.binary(max_size=40), st.booleans()) | st.none()
TREES = st.dictionaries(st.lists(STEPS, min_size=1, max_size=3).map("/".join), LEAVES, max_size=6).filter(
    lambda tree: not any(other.startswith(f"{path}/") for path in tree for other in tree)
)


def lay_out(folder: Path, tree: Mapping[str, Any], *, backwards: bool, seconds: int) -> None:
    """Write a tree in one order or the other; None is an empty folder."""
    folder.mkdir()
    for path, leaf in sorted(tree.items(), reverse=backwards):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if leaf is None:
            target.mkdir()
        else:
            target.write_bytes(leaf[0])
            target.chmod(0o700 if leaf[1] else 0o640 if backwards else 0o600)
    for path_below in [*folder.rglob("*"), folder]:
        os.utime(path_below, (seconds, seconds))


@settings(deadline=None, max_examples=60)
@given(tree=TREES)
def test_one_tree_gives_one_digest_and_comes_back_whole(
    tree: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    digests = []
    for backwards in (False, True):
        folder = tmp_path_factory.mktemp("build")
        lay_out(folder / "source", tree, backwards=backwards, seconds=1_000_000 + backwards)
        (folder / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
        blobs = BlobStore(folder / "blobs")
        source = Source(context=folder / "source", dockerfile=folder / "Dockerfile")
        image = build(source, LINUX, blobs, folder / "cache")
        digests.append((image.digest, source.digest()))
        unpack([blobs.open(layer.digest) for layer in image.layers], folder / "root")
        assert _contents(folder / "root") == _contents(folder / "source")
    assert digests[0] == digests[1]


def _contents(folder: Path) -> dict[str, object]:
    return {
        path: (entry.read(), entry.mode) if isinstance(entry, File) else entry
        for path, entry in read_folder(folder).items()
    }


def test_another_checkout_and_another_time_give_the_same_image_and_another_byte_does_not(
    tmp_path: Path,
) -> None:
    here, there = Workshop(tmp_path / "here"), Workshop(tmp_path / "there")
    text = "FROM scratch\nCOPY . /app/\n"
    for shop in (here, there):
        shop.write(a="1", b__c="2")
    first = here.build(text)
    os.utime(there.context / "a", (1, 1))
    assert there.build(text) == first
    there.write(a="2")
    assert there.build(text).digest != first.digest
    there.write(a="1")
    (there.context / "a").chmod(0o755)
    assert there.build(text).digest != first.digest


def test_the_source_digest_follows_files_dockerfile_and_what_is_ignored(shop: Workshop) -> None:
    shop.write(a="1", b="1")
    (shop.context / ".dockerignore").write_text("b\n.dockerignore")
    (shop.folder / "Dockerfile").write_text("FROM scratch\nCOPY a /\n")
    source = Source(context=shop.context, dockerfile=shop.folder / "Dockerfile")
    before = source.digest()
    shop.write(b="2")
    assert source.digest() == before
    shop.write(a="2")
    changed = source.digest()
    assert changed != before
    (shop.folder / "Dockerfile").write_text("FROM scratch\nCOPY a /b\n")
    assert source.digest() not in (before, changed)


# --- the form of an image ---


def test_the_manifest_and_the_configuration_describe_exactly_the_blobs(shop: Workshop) -> None:
    shop.write(a="1")
    image = shop.build("FROM scratch\nCOPY a /a\nENV A=1\nCOPY a /b\n")
    manifest = json.loads(image.manifest)
    assert image.digest == "sha256:" + hashlib.sha256(image.manifest).hexdigest()
    assert manifest["schemaVersion"] == 2
    assert manifest["mediaType"] == "application/vnd.oci.image.manifest.v1+json"
    for descriptor in [manifest["config"], *manifest["layers"]]:
        content = shop.blobs.open(descriptor["digest"]).read()
        assert len(content) == descriptor["size"]
        assert "sha256:" + hashlib.sha256(content).hexdigest() == descriptor["digest"]
    config = shop.config(image)
    assert config["rootfs"]["diff_ids"] == [layer.diff_id for layer in image.layers]
    for layer in image.layers:
        plain = subprocess.run(
            ["gzip", "-dc"], input=shop.blobs.open(layer.digest).read(), capture_output=True, check=True
        )
        assert "sha256:" + hashlib.sha256(plain.stdout).hexdigest() == layer.diff_id
    assert [bool(step.get("empty_layer")) for step in config["history"]] == [False, True, False]
    assert (config["os"], config["architecture"]) == ("linux", "amd64")


def test_every_instruction_finds_its_place_in_the_configuration(shop: Workshop) -> None:
    image = shop.build(
        "ARG BASE=scratch\n"
        "FROM $BASE\n"
        "ARG PORT=80\n"
        'ENV NAME="a b" OTHER=${PORT}\n'
        "LABEL one=1\n"
        "LABEL two=$NAME\n"
        "WORKDIR /srv\n"
        "WORKDIR app\n"
        "USER 7:8\n"
        "EXPOSE $PORT 53/udp\n"
        "STOPSIGNAL SIGINT\n"
        "HEALTHCHECK --interval=1m30s --timeout=500ms --retries=2 CMD test -f /ok\n"
        'CMD ["lost"]\n'
        'ENTRYPOINT ["run", "$NAME"]\n'
        "CMD serve\n",
        arguments={"PORT": "8080"},
    )
    assert shop.config(image)["config"] == {
        "Env": ["NAME=a b", "OTHER=8080"],
        "Labels": {"one": "1", "two": "a b"},
        "WorkingDir": "/srv/app",
        "User": "7:8",
        "ExposedPorts": {"53/udp": {}, "8080/tcp": {}},
        "StopSignal": "SIGINT",
        "Healthcheck": {
            "Test": ["CMD-SHELL", "test -f /ok"],
            "Interval": 90_000_000_000,
            "Timeout": 500_000_000,
            "Retries": 2,
        },
        "Entrypoint": ["run", "$NAME"],
        "Cmd": ["/bin/sh", "-c", "serve"],
    }


def test_the_image_names_the_base_that_it_stands_for_and_the_python_that_it_needs(shop: Workshop) -> None:
    digest = "sha256:" + "0" * 64
    annotations = json.loads(shop.build(f"FROM python:3.13-slim@{digest}\n").manifest)["annotations"]
    assert annotations == {
        "org.opencontainers.image.base.name": "python:3.13-slim",
        "org.opencontainers.image.base.digest": digest,
        RUNTIME_ANNOTATION: str(Runtime.of_this_machine()),
    }


# --- COPY ---


def test_copy_puts_files_where_a_container_engine_would(shop: Workshop) -> None:
    shop.write(one="1", two="2", d__three="3", d__e__four="4")
    image = shop.build(
        "FROM python:3.13\nWORKDIR /w\nCOPY one here\nCOPY one two many/\nCOPY d /d\n"
        'COPY t?o d/e /mix/\nCOPY one /etc\nCOPY ["two", "a name"]\n'
    )
    assert names(shop.unpacked(image)) == {
        "w/here", "w/many/one", "w/many/two", "d/three", "d/e/four",
        "mix/two", "mix/four", "etc/one", "w/a name",
    }  # fmt: skip


def test_copy_gives_owners_and_modes_by_number(shop: Workshop) -> None:
    shop.write(a="1")
    image = shop.build("FROM scratch\nARG UID=5\nCOPY --chown=$UID:6 --chmod=750 a /a\nCOPY --chown=9 a /b\n")
    listing = []
    for layer in image.layers:
        packed = shop.blobs.path(layer.digest)
        listing.append(
            subprocess.run(
                ["tar", "--numeric-owner", "-tzvf", packed], capture_output=True, text=True, check=True
            ).stdout.split()[:2]
        )
    assert listing == [["-rwxr-x---", "5/6"], ["-rw-r--r--", "9/9"]]


def test_a_stage_takes_from_stages_and_begins_from_them(shop: Workshop) -> None:
    shop.write(a="1", b="2")
    image = shop.build(
        "FROM scratch AS first\nENV X=1\nCOPY a /in/a\n"
        "FROM scratch AS unused\nRUN make everything\n"
        "FROM first AS last\nCOPY b /b-$X\nCOPY --from=0 /in /out\n"
    )
    assert names(shop.unpacked(image)) == {"in/a", "b-1", "out/a"}
    assert shop.config(image)["config"]["Env"] == ["X=1"]
    assert names(
        shop.unpacked(shop.build((shop.folder / "Dockerfile").read_text(), target="first"), "first")
    ) == {"in/a"}


def test_links_are_kept_and_those_that_lead_out_are_refused(shop: Workshop) -> None:
    shop.write(d__a="1")
    (shop.context / "d" / "link").symlink_to("a")
    root = shop.unpacked(shop.build("FROM scratch\nCOPY d /d\n"))
    assert (root / "d/link").readlink() == Path("a")
    (shop.context / "d" / "out").symlink_to("/etc/passwd")
    with pytest.raises(SandboxError, match="d/out -> /etc/passwd may lead out"):
        shop.build("FROM scratch\nCOPY d /d\n")


@given(st.lists(st.sampled_from(["..", "a", "."]), max_size=6), st.integers(1, 4))
def test_no_link_that_is_let_pass_climbs_out(steps: list[str], depth: int) -> None:
    path, target = "/".join("d" * depth), "/".join(steps)
    try:
        check_link(path, target)
    except SandboxError:
        return
    assert not posixpath.normpath(posixpath.join(posixpath.dirname(path), target)).startswith("..")


def test_a_pipe_in_the_folder_is_refused_by_name(shop: Workshop) -> None:
    os.mkfifo(shop.context / "pipe")
    with pytest.raises(SandboxError, match="pipe is neither a file"):
        shop.build("FROM scratch\nCOPY . /\n")
    (shop.context / ".dockerignore").write_text("pipe")
    shop.build("FROM scratch\nCOPY . /\n")


@pytest.mark.parametrize(
    ("dockerfile", "named"),
    [
        ("FROM scratch\nCOPY absent /x", "line 2: COPY: there is no absent to copy"),
        ("FROM scratch\nCOPY ../a /x", "line 2: COPY: ../a climbs"),
        ("FROM scratch\nCOPY a b /x", "line 2: COPY: copies 2 things to /x"),
        ("FROM scratch\nCOPY a", "line 2: COPY: names no source"),
        ("FROM scratch\nCOPY --chown=app a /x", "line 2: COPY: --chown=app names an owner"),
        ("FROM scratch\nCOPY --chmod=u+x a /x", "line 2: COPY: --chmod=u+x is not a mode"),
        ("FROM scratch\nCOPY --from=alpine /a /x", "line 2: COPY: --from=alpine is no earlier stage"),
        ("FROM scratch\nCOPY a /x\nCOPY b /x/y", "line 3: COPY: /x/y lies below /x"),
        ("FROM scratch\nCOPY a /x/y\nCOPY b $HOME", "line 3: COPY: the variable HOME has no value here"),
        ("FROM scratch\nENV PATH=/x:$PATH", "line 2: ENV: the variable PATH has no value here"),
        ("FROM scratch\nENV PATH", "line 2: ENV: PATH has no value"),
        ("FROM scratch\nEXPOSE 70000", "line 2: EXPOSE: 70000 is not a port"),
        (
            "FROM scratch\nHEALTHCHECK --interval=3 CMD x",
            "line 2: HEALTHCHECK: --interval=3 is not a duration",
        ),
        ("FROM scratch\nHEALTHCHECK curl", "line 2: HEALTHCHECK: curl is not understood"),
        ("FROM a b", "line 1: FROM: a b is not understood"),
        ("FROM scratch\nUSER a b", "line 2: USER: a b is 2 words"),
        ("FROM scratch\nLABEL a='b", "line 2: LABEL: the quote ' is not closed"),
    ],
)
def test_what_cannot_be_done_names_its_line(shop: Workshop, dockerfile: str, named: str) -> None:
    shop.write(a="1", b="2")
    with pytest.raises(SandboxError) as raised:
        shop.build(dockerfile)
    assert named in raised.value.message
    assert raised.value.hint


def test_an_argument_or_a_stage_that_the_dockerfile_does_not_know_is_refused(shop: Workshop) -> None:
    with pytest.raises(SandboxError, match="no ARG COLOUR; it has SIZE"):
        shop.build("FROM scratch\nARG SIZE\n", arguments={"COLOUR": "red"})
    with pytest.raises(SandboxError, match="no stage 'test'; it has build"):
        shop.build("FROM scratch AS build\n", target="test")


# --- RUN ---


def make_wheel(folder: Path) -> str:
    """A wheel of a package `tiny`, and the line that locks it."""
    folder.mkdir()
    wheel = folder / "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny/__init__.py", "VALUE = 1\n")
        archive.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        archive.writestr(
            "tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr("tiny-1.0.dist-info/entry_points.txt", "[console_scripts]\ntiny = tiny:main\n")
        archive.writestr("tiny-1.0.dist-info/RECORD", "")
    return f"tiny==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


@pytest.fixture
def lock(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> str:
    """A lock file whose one package lies beside it: no index is asked."""
    line = make_wheel(shop.folder / "wheels")
    for client in ("UV", "PIP"):
        monkeypatch.setenv(f"{client}_NO_INDEX", "1")
        monkeypatch.setenv(f"{client}_FIND_LINKS", str(shop.folder / "wheels"))
    shop.write(**{"lock.txt": line})
    return line


@pytest.mark.parametrize(
    "command",
    [
        "pip install --no-cache-dir --require-hashes -r lock.txt --target=/opt/packages",
        "python -m pip install -q --require-hashes --requirement=/w/lock.txt -t /opt/packages",
        "uv pip install --no-cache --require-hashes --only-binary :all: -r lock.txt --target $WHERE",
        "pip install --require-hashes -r lock.txt --prefix /usr/local",
        '["pip", "install", "--require-hashes", "-r", "lock.txt", "--target", "/opt/packages"]',
    ],
)
def test_locked_packages_are_really_installed(shop: Workshop, lock: str, command: str) -> None:
    image = shop.build(
        f"FROM python:3.13-slim\nENV WHERE=/opt/packages\nWORKDIR /w\nCOPY lock.txt .\nRUN {command}\n"
    )
    folder = "usr/local/lib/python3.13/site-packages" if "--prefix" in command else "opt/packages"
    below = {
        "tiny/__init__.py",
        "tiny-1.0.dist-info/METADATA",
        "tiny-1.0.dist-info/WHEEL",
        "tiny-1.0.dist-info/entry_points.txt",
    }
    assert names(shop.unpacked(image)) == {"w/lock.txt", *(f"{folder}/{name}" for name in below)}


RUN = "FROM python:3.13\nCOPY lock.txt /\nRUN pip install --require-hashes -r /lock.txt --target /opt\n"


def test_packages_are_installed_once_and_again_when_the_cache_was_damaged(
    shop: Workshop, lock: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = shop.build(RUN)
    shutil.rmtree(shop.folder / "wheels")
    assert shop.build(RUN) == first, "the second build asks nobody"
    next(shop.cache.rglob("__init__.py")).unlink()
    with pytest.raises(SandboxError, match="could not be installed"):
        shop.build(RUN)


def test_a_machine_without_the_package_client_is_told_what_to_do(
    shop: Workshop, lock: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "executable", str(shop.folder / "python"))
    with pytest.raises(SandboxError, match="uv is not here") as raised:
        shop.build(RUN)
    assert "put uv on PATH" in raised.value.hint


def test_a_package_that_is_not_what_was_locked_is_refused_with_the_clients_words(
    shop: Workshop, lock: str
) -> None:
    (shop.context / "lock.txt").write_text("tiny==1.0 --hash=sha256:" + "0" * 64)
    with pytest.raises(SandboxError, match=r"(?i)could not be installed: .*hash"):
        shop.build(RUN)


def test_a_failed_installation_is_not_taken_for_a_whole_one(shop: Workshop, lock: str) -> None:
    (shop.context / "lock.txt").write_text("absent==1.0 --hash=sha256:" + "0" * 64)
    for _ in range(2):
        with pytest.raises(SandboxError, match="could not be installed"):
            shop.build(RUN)


@pytest.mark.parametrize(
    "command",
    [
        "apt-get update",
        "pip install --require-hashes -r lock.txt --target /x && rm lock.txt",
        "pip install -r lock.txt --target /x",
        "pip install --require-hashes -r lock.txt",
        "pip install --require-hashes --target /x",
        "pip install --require-hashes -r lock.txt --target /x tiny",
        "pip install --require-hashes -r lock.txt --target /x --index-url=x",
        "pip install --require-hashes -r lock.txt -r other.txt --target /x",
        "uv sync",
    ],
)
def test_any_other_command_is_refused_with_its_line_and_what_is_allowed(shop: Workshop, command: str) -> None:
    shop.write(**{"lock.txt": ""})
    with pytest.raises(SandboxError, match="Dockerfile line 3: RUN: ") as raised:
        shop.build(f"FROM python:3.13\nCOPY lock.txt .\nRUN {command}\n")
    assert "pip install --require-hashes -r FILE --target DIR" in raised.value.hint


def test_a_lock_file_that_the_stage_lacks_is_named(shop: Workshop) -> None:
    with pytest.raises(SandboxError, match=r"line 2: RUN: there is no lock\.txt in this stage"):
        shop.build("FROM a\nRUN pip install --require-hashes -r lock.txt --target /x\n")


# --- the real one ---


def test_the_projects_own_image_is_built_and_its_service_starts_from_it(tmp_path: Path) -> None:
    blobs = BlobStore(tmp_path / "blobs")
    source = Source(context=APP, dockerfile=APP / "Dockerfile")
    image = build(source, LINUX, blobs, tmp_path / "cache")
    assert image == build(source, LINUX, blobs, tmp_path / "cache")
    root = tmp_path / "root"
    unpack([blobs.open(layer.digest) for layer in image.layers], root)
    result = subprocess.run(
        [
            sys.executable,
            "-S",
            "-c",
            "import triage.main, structlog; print(triage.main.__file__, structlog.__file__)",
        ],
        cwd=root / "app",
        env={"PYTHONPATH": str(root / "opt/dependencies"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.split() == [
        str(root / "app/triage/main.py"),
        str(root / "opt/dependencies/structlog/__init__.py"),
    ]
    written = [path for path in root.rglob("*") if path.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH)]
    assert written == []
