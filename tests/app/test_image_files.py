"""What the image is made from."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
APP = CHECKOUT / "app"


def locked() -> dict[str, str]:
    lines = (APP / "requirements.lock").read_text().splitlines()
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;]+)", "\n".join(lines), re.MULTILINE))


def test_the_requirements_are_those_of_the_projects_lock() -> None:
    packages = tomllib.loads((CHECKOUT / "uv.lock").read_text())["package"]
    versions = {(package["name"], package.get("version")) for package in packages}
    assert set(locked().items()) <= versions
    groups = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["dependency-groups"]
    assert {re.split(r"[^a-z-]", requirement)[0] for requirement in groups["app"]} <= set(locked())


def test_every_requirement_has_hashes_and_none_names_a_place() -> None:
    text = (APP / "requirements.lock").read_text()
    for entry in re.split(r"\n(?=\S)", text.strip()):
        assert "--hash=sha256:" in entry
    assert "://" not in text
    assert "--index-url" not in text


def test_every_base_image_is_pinned_by_digest() -> None:
    bases = re.findall(r"^FROM (\S+)", (APP / "Dockerfile").read_text(), re.MULTILINE)
    assert bases
    for base in bases:
        assert re.fullmatch(r"[^@]+@sha256:[0-9a-f]{64}", base)


def test_the_image_runs_as_a_user_by_number_that_is_not_root() -> None:
    users = re.findall(r"^USER (\S+)", (APP / "Dockerfile").read_text(), re.MULTILINE)
    assert users
    assert re.fullmatch(r"[1-9][0-9]*:[1-9][0-9]*", users[-1])


def test_the_package_runs_under_the_name_it_has_in_the_image(tmp_path: Path) -> None:
    (tmp_path / "triage").symlink_to(APP / "triage")
    result = subprocess.run(
        [sys.executable, "-c", "import triage.main, triage.healthcheck"],
        cwd=tmp_path,
        check=False,
    )
    assert result.returncode == 0
