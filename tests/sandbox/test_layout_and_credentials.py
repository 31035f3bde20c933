from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.credentials import load_credentials, read_credentials
from sandbox.environments import Environment
from sandbox.errors import SandboxError
from sandbox.layout import Layout
from sandbox.ports import is_free, listen, listen_on_demand, read_ports, write_ports

DEV = Environment(name="dev", account_id="111111111111", region="eu-west-1")
PROD = Environment(name="prod", account_id="333333333333", region="eu-west-1")


def test_a_checkout_is_found_from_any_folder_in_it(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").touch()
    inner = tmp_path / "infra" / "components"
    inner.mkdir(parents=True)
    assert Layout.find(inner) == Layout.find(tmp_path) == Layout(tmp_path.resolve())


def test_outside_a_checkout_a_person_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="not inside a checkout"):
        Layout.find(tmp_path)


def test_everything_lies_under_one_private_folder(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layout.create()
    layout.create()
    assert [path.name for path in tmp_path.iterdir()] == [".sandbox"]
    assert layout.folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / ".sandbox").write_text("a file", encoding="utf-8")
    with pytest.raises(SandboxError, match=r"cannot write .*\.sandbox"):
        Layout(tmp_path).create()


def test_keys_are_made_once_and_stay(tmp_path: Path) -> None:
    path = tmp_path / "credentials.json"
    first = load_credentials(path, [DEV])
    assert load_credentials(path, [DEV]) == first
    both = load_credentials(path, [DEV, PROD])
    assert both.access_key_by_environment["dev"] == first.access_key_by_environment["dev"]
    assert both.admin_token == first.admin_token
    assert path.stat().st_mode & 0o777 == 0o600


def test_an_environment_that_moves_to_another_account_gets_another_key(tmp_path: Path) -> None:
    path = tmp_path / "credentials.json"
    before = load_credentials(path, [DEV]).access_key_by_environment["dev"]
    moved = Environment(name="dev", account_id="444444444444", region="eu-west-1")
    after = load_credentials(path, [moved]).access_key_by_environment["dev"]
    assert after.account_id == "444444444444"
    assert after.access_key_id != before.access_key_id


def test_secrets_show_in_no_repr(tmp_path: Path) -> None:
    credentials = load_credentials(tmp_path / "credentials.json", [DEV])
    key = credentials.access_key_by_environment["dev"]
    assert key.secret_access_key not in repr(credentials)
    assert credentials.admin_token not in repr(credentials)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"admin_token": 1, "access_key_by_environment": {"dev": {}}}']
)
def test_an_unreadable_file_of_keys_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "credentials.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SandboxError, match="cannot read the access keys") as refused:
        read_credentials(path)
    assert "delete" in refused.value.hint


def test_ports_are_remembered(tmp_path: Path) -> None:
    write_ports(tmp_path / "ports.json", {"control-plane": 4000})
    assert read_ports(tmp_path / "ports.json") == {"control-plane": 4000}


@pytest.mark.parametrize("content", [None, "", "[]", '{"a": "b"}', "{"])
def test_ports_that_cannot_be_read_are_forgotten(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "ports.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert read_ports(path) == {}


def test_a_taken_port_is_refused_where_a_person_asked_for_it() -> None:
    with listen(0) as taken:
        port = taken.getsockname()[1]
        assert not is_free(port)
        with pytest.raises(SandboxError, match=f"port {port} cannot be used"):
            listen_on_demand(port)
    assert is_free(port)


@pytest.mark.parametrize("port", [-1, 0, 65536])
def test_a_port_that_does_not_exist_is_refused(port: int) -> None:
    with pytest.raises(SandboxError, match="does not exist"):
        listen_on_demand(port)
