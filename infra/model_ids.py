"""Where a model of Bedrock is found, by the name that a request gives it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from infra.account import Account

# Where a profile of each geography may send a request (Bedrock user guide, "Supported Regions and models for
# inference profiles", 2026): the regions of all its models, of which each serves from some.
_REGIONS_BY_GEOGRAPHY = {
    "eu": ("eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"),
    "us": ("us-east-1", "us-east-2", "us-west-1", "us-west-2"),
}
# The others: their regions are not listed here yet, or are all there are.
_REFUSED_GEOGRAPHIES = ("apac", "au", "ca", "global", "jp", "us-gov")
_MODEL_ID = re.compile(r"[a-z0-9]+(\.[a-z0-9][a-z0-9:-]*)+")


@dataclass(frozen=True, kw_only=True)
class Model:
    """One model of Bedrock and where it may run: a region, or all of a geography by an inference profile."""

    model_id: str  # as a request names it: "eu.anthropic.claude-sonnet-4-5-20250929-v1:0"
    source_arn: str  # what a profile of one's own is made from
    called_arns: Sequence[str]  # what is asked when the profile is: the model in each of its regions


def check_model_id(model_id: str) -> str:
    """Return the name if it is one that may be listed; raises ValueError with what may be.

    A global profile is refused: it may answer from any region, and a ticket would leave its geography.
    """
    geography = model_id.partition(".")[0]
    if geography in _REFUSED_GEOGRAPHIES or not _MODEL_ID.fullmatch(model_id):
        raise ValueError(
            f"{model_id!r} must be a model such as 'amazon.titan-embed-text-v2:0', or a profile that stays "
            f"in one geography, which begins with {' or '.join(f'{each}.' for each in _REGIONS_BY_GEOGRAPHY)}"
        )
    return model_id


def resolve(model_id: str, account: Account) -> Model:
    """Where a model named as in a request is found. Raises ValueError for one that may not be named."""
    geography, _, rest = check_model_id(model_id).partition(".")

    def model_arn(model: str, region: str) -> str:
        return f"arn:{account.partition}:bedrock:{region}::foundation-model/{model}"

    if geography not in _REGIONS_BY_GEOGRAPHY:
        here = model_arn(model_id, account.region)
        return Model(model_id=model_id, source_arn=here, called_arns=[here])
    profile = account.arn("bedrock", f"inference-profile/{model_id}")
    answering = [model_arn(rest, region) for region in _REGIONS_BY_GEOGRAPHY[geography]]
    return Model(model_id=model_id, source_arn=profile, called_arns=[profile, *answering])
