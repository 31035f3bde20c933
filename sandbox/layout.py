"""Where the sandbox keeps its files: everything under `<checkout>/.sandbox/`, nothing elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sandbox.errors import SandboxError, cannot_write

PROJECT_FILE = "Pulumi.yaml"


@dataclass(frozen=True)
class Layout:
    """The paths of one checkout's sandbox. `root` is the folder that holds Pulumi.yaml."""

    root: Path

    @classmethod
    def find(cls, start: Path) -> Layout:
        """Return the layout of the checkout that `start` lies in.

        Raises SandboxError if no folder from `start` upwards holds a Pulumi.yaml.
        """
        start = start.resolve()
        for folder in (start, *start.parents):
            if (folder / PROJECT_FILE).is_file():
                return cls(folder)
        raise SandboxError(
            f"{start} is not inside a checkout: no {PROJECT_FILE} here or in any folder above",
            "run this from the checkout's folder",
        )

    @property
    def folder(self) -> Path:
        return self.root / ".sandbox"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def daemon_log(self) -> Path:
        return self.logs / "daemon.log"

    @property
    def state(self) -> Path:
        """The snapshot of every account's resources."""
        return self.folder / "state" / "aws.snapshot"

    @property
    def registry(self) -> Path:
        """The layers of the images that were pushed."""
        return self.folder / "registry"

    @property
    def credentials(self) -> Path:
        return self.folder / "credentials.json"

    @property
    def ports(self) -> Path:
        return self.folder / "ports.json"

    @property
    def daemon_record(self) -> Path:
        """Who serves this checkout now; written when the daemon is ready, gone when it stopped."""
        return self.folder / "daemon.json"

    @property
    def daemon_lock(self) -> Path:
        """Held by the daemon for as long as it lives."""
        return self.folder / "daemon.lock"

    @property
    def start_lock(self) -> Path:
        """Held by whoever starts the daemon, until it is ready."""
        return self.folder / "start.lock"

    @property
    def pulumi_backend(self) -> Path:
        return self.folder / "pulumi"

    def stack_file(self, environment: str) -> Path:
        """The file of an environment's stack, which is of the checkout and never written by the sandbox."""
        return self.root / f"Pulumi.{environment}.yaml"

    @property
    def stack_files(self) -> Path:
        """Copies of those stack files whose secrets a key on AWS guards: here, a passphrase does."""
        return self.folder / "stack-files"

    @property
    def pulumi_home(self) -> Path:
        return self.folder / "pulumi-home"

    def create(self) -> None:
        """Make the folders. Private to the user: the snapshot and the credentials hold secrets.

        Raises SandboxError if a folder cannot be made.
        """
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            for folder in (self.logs, self.state.parent, self.pulumi_backend, self.pulumi_home):
                folder.mkdir(exist_ok=True)
        except OSError as error:
            raise cannot_write(error) from error
