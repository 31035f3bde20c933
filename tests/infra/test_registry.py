from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from infra.components.registry import Registry, RegistryArgs, lifecycle, source_revision
from infra.naming import Label
from tests.infra.conftest import ROOT
from tests.infra.recorder import Recording, record

APP = ROOT / "app"


def _copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(APP, tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__")))


def test_the_repository_is_immutable_scanned_and_encrypted(built: Recording) -> None:
    inputs = built.one("ecr/repository:Repository").inputs
    assert inputs["imageTagMutability"] == "IMMUTABLE"
    assert inputs["imageScanningConfiguration"] == {"scanOnPush": True}
    (encryption,) = inputs["encryptionConfigurations"]
    assert encryption["encryptionType"] == "KMS"
    assert encryption["kmsKey"].endswith("key/encryption-images")


def test_images_of_prod_are_not_deleted_with_their_repository(prod: Recording, dev: Recording) -> None:
    assert prod.one("ecr/repository:Repository").inputs["forceDelete"] is False
    assert dev.one("ecr/repository:Repository").inputs["forceDelete"] is True


def test_the_password_of_the_registry_is_a_secret(built: Recording) -> None:
    registry = built.one("docker:index/image:Image").inputs["registry"]
    assert "4dabf18193072939515e22adb298388d" in registry, "the mark that the SDK puts on secrets"


def test_the_lifecycle_keeps_enough_to_go_back_to() -> None:
    untagged, newest = json.loads(lifecycle(kept=30, untagged_days=7))["rules"]
    assert untagged["selection"]["countNumber"] == 7
    assert newest["selection"] == {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 30}
    assert untagged["rulePriority"] < newest["rulePriority"]


def test_the_tag_is_the_hash_of_what_the_image_is_made_from(dev: Recording) -> None:
    name = dev.one("docker:index/image:Image").inputs["imageName"]
    assert name.rpartition(":")[2] == source_revision(APP)


def test_an_image_that_was_promoted_is_run_and_none_is_built() -> None:
    image = f"111111111111.dkr.ecr.eu-west-1.amazonaws.com/slipway-dev-registry-triage@sha256:{'ab' * 32}"

    def program() -> dict[str, Any]:
        registry = Registry(
            "registry",
            RegistryArgs(
                label=Label(project="slipway", environment="dev", owner="platform", cost_center="triage"),
                key_arn="key",
                platform="linux/amd64",
                context=str(APP),
                username="AWS",
                password="short-lived",
                image=image,
            ),
        )
        return {"image": registry.image, "revision": registry.revision}

    recording = record(program)
    assert recording.of("docker:index/image:Image") == []
    assert recording.outputs == {"image": image, "revision": "abababababab"}


@pytest.mark.parametrize("file", ["Dockerfile", "requirements.lock", "triage/http.py"])
def test_a_change_of_what_the_image_holds_is_a_new_revision(tmp_path: Path, file: str) -> None:
    copy = _copy(tmp_path)
    before = source_revision(copy)
    (copy / file).write_text((copy / file).read_text() + "\n")
    assert source_revision(copy) != before


def test_a_file_that_moves_is_a_new_revision(tmp_path: Path) -> None:
    copy = _copy(tmp_path)
    before = source_revision(copy)
    (copy / "triage" / "http.py").rename(copy / "triage" / "web.py")
    assert source_revision(copy) != before


@pytest.mark.parametrize("file", ["judge/handler.py", "notes.md", "triage/__pycache__/http.cpython-311.pyc"])
def test_what_the_image_does_not_hold_changes_no_revision(tmp_path: Path, file: str) -> None:
    copy = _copy(tmp_path)
    before = source_revision(copy)
    (copy / file).parent.mkdir(exist_ok=True)
    (copy / file).write_text("something else")
    assert source_revision(copy) == before


def test_a_context_that_lets_everything_in_is_refused(tmp_path: Path) -> None:
    copy = _copy(tmp_path)
    (copy / ".dockerignore").write_text("notes.md\n")
    with pytest.raises(ValueError, match=r"must refuse '\*' and then let in what the image needs"):
        source_revision(copy)
