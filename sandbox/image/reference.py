"""Names of images in ECR: account, region, repository and tag in one text."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FORM = re.compile(
    r"(?P<account_id>\d{12})\.dkr\.ecr\.(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com"
    r"/(?P<repository>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
)


@dataclass(frozen=True, kw_only=True)
class ImageReference:
    """An image by its tag; without one it is `latest`, as everywhere."""

    account_id: str
    region: str
    repository: str
    tag: str

    @classmethod
    def parse(cls, text: str) -> ImageReference:
        """Raises ValueError, in words for a person, for what is no name of an image in ECR."""
        match = _FORM.fullmatch(text)
        if match is None:
            raise ValueError(
                f"{text!r} is no image in ECR; write ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG"
            )
        return cls(
            account_id=match["account_id"],
            region=match["region"],
            repository=match["repository"],
            tag=match["tag"] or "latest",
        )

    @property
    def host(self) -> str:
        """The registry's name."""
        return f"{self.account_id}.dkr.ecr.{self.region}.amazonaws.com"

    def at(self, digest: str) -> str:
        """The image by its digest, which never becomes another one."""
        return f"{self.host}/{self.repository}@{digest}"
