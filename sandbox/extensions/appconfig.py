"""AppConfig: applications and profiles whole, and hosted configurations that were checked."""

from __future__ import annotations

import json
from typing import Any

from moto.appconfig.models import (
    AppConfigBackend,
    Application,
    ConfigurationProfile,
    HostedConfigurationVersion,
)
from moto.appconfig.responses import AppConfigResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow

from sandbox.extensions.appconfig_content import FEATURE_FLAGS, problem_with_content, problem_with_schema
from sandbox.extensions.records import ApiError, given, page
from sandbox.extensions.registry import adds, replaces

_VALIDATORS = ("JSON_SCHEMA", "LAMBDA")


def application(backend: AppConfigBackend, identity: str) -> Application:
    """The application of that id or name."""
    for known in backend.applications.values():
        if identity in (known.id, known.name):
            return known
    raise missing("Application", identity)


def profile(backend: AppConfigBackend, application_id: str, identity: str) -> ConfigurationProfile:
    """The configuration profile of that id or name."""
    for known in application(backend, application_id).config_profiles.values():
        if identity in (known.id, known.name):
            return known
    raise missing("ConfigurationProfile", identity)


def version(
    backend: AppConfigBackend, application_id: str, profile_id: str, number: Any
) -> HostedConfigurationVersion:
    """A hosted configuration by its number or its label."""
    for known in profile(backend, application_id, profile_id).config_versions.values():
        if str(number) in (str(known.version), known.version_label):
            return known
    raise missing("HostedConfigurationVersion", number)


def missing(kind: str, identity: Any) -> ApiError:
    """The error for what does not exist."""
    return ApiError("ResourceNotFoundException", f"{kind} {identity} could not be found")


def refused(message: str) -> ApiError:
    """The error for what AppConfig does not take."""
    return ApiError("BadRequestException", message)


@adds(AppConfigResponse, "list_applications")
def _list_applications(self: AppConfigResponse) -> ActionResult:
    """ListApplications."""
    return listing(given(self), [each.to_json() for each in self.appconfig_backend.applications.values()])


@replaces(AppConfigResponse, "delete_application")
def _delete_application(original: Any, self: AppConfigResponse) -> ActionResult:
    """An application that has environments or profiles cannot go."""
    del original
    found = application(self.appconfig_backend, given(self)["ApplicationId"])
    environments: dict[str, Any] = vars(self.appconfig_backend).get("environments", {})
    of_application = [each for each in environments.values() if each.shown["ApplicationId"] == found.id]
    if found.config_profiles or of_application:
        raise refused(f"Cannot delete application {found.id}: it has environments or configuration profiles")
    del self.appconfig_backend.applications[found.id]
    return EmptyResult()


@replaces(AppConfigResponse, "create_configuration_profile")
def _create_profile(original: Any, self: AppConfigResponse) -> ActionResult:
    """A profile keeps its key, and its schema is one; moto drops the one and does not read the other."""
    del original
    wish = given(self)
    _check_validators(wish.get("Validators"))
    made = self.appconfig_backend.create_configuration_profile(
        application_id=application(self.appconfig_backend, wish["ApplicationId"]).id,
        name=wish["Name"],
        description=wish.get("Description", ""),
        location_uri=wish["LocationUri"],
        retrieval_role_arn=wish.get("RetrievalRoleArn", ""),
        validators=wish.get("Validators") or [],
        _type=wish.get("Type") or "AWS.Freeform",
        tags=wish.get("Tags") or {},
    )
    _keep_key(made, wish)
    return ActionResult(described(made))


@replaces(AppConfigResponse, "get_configuration_profile")
def _get_profile(original: Any, self: AppConfigResponse) -> ActionResult:
    """A profile shows its key."""
    del original
    wish = given(self)
    return ActionResult(
        described(profile(self.appconfig_backend, wish["ApplicationId"], wish["ConfigurationProfileId"]))
    )


@replaces(AppConfigResponse, "update_configuration_profile")
def _update_profile(original: Any, self: AppConfigResponse) -> ActionResult:
    """An update changes what it names, the key among it."""
    del original
    wish = given(self)
    found = profile(self.appconfig_backend, wish["ApplicationId"], wish["ConfigurationProfileId"])
    _check_validators(wish.get("Validators"))
    found.name = wish.get("Name", found.name)
    found.description = wish.get("Description", found.description)
    found.retrieval_role_arn = wish.get("RetrievalRoleArn", found.retrieval_role_arn)
    found.validators = wish.get("Validators", found.validators)
    _keep_key(found, wish)
    return ActionResult(described(found))


@replaces(AppConfigResponse, "delete_configuration_profile")
def _delete_profile(original: Any, self: AppConfigResponse) -> ActionResult:
    """A profile that does not exist is said to be missing; moto crashes."""
    del original
    wish = given(self)
    found = profile(self.appconfig_backend, wish["ApplicationId"], wish["ConfigurationProfileId"])
    del application(self.appconfig_backend, wish["ApplicationId"]).config_profiles[found.id]
    return EmptyResult()


@adds(AppConfigResponse, "list_hosted_configuration_versions")
def _list_versions(self: AppConfigResponse) -> ActionResult:
    """ListHostedConfigurationVersions: the newest first."""
    wish = given(self)
    found = profile(self.appconfig_backend, wish["ApplicationId"], wish["ConfigurationProfileId"])
    newest = sorted(found.config_versions.values(), key=lambda each: -each.version)
    return listing(wish, [_described_version(each, found) for each in newest])


@replaces(AppConfigResponse, "create_hosted_configuration_version")
def _create_version(original: Any, self: AppConfigResponse) -> ActionResult:
    """A configuration is held to the profile's schema, or to the form of feature flags; moto takes any."""
    del original
    wish = given(self)
    found = profile(self.appconfig_backend, wish["ApplicationId"], wish["ConfigurationProfileId"])
    content = self.body.encode() if isinstance(self.body, str) else self.body
    schemas = [each["Content"] for each in found.validators if each["Type"] == "JSON_SCHEMA"]
    is_flags = found._type == FEATURE_FLAGS
    if problem := problem_with_content(content, schemas, is_flags=is_flags):
        raise refused(f"Error invoking validators on configuration: {problem}")
    latest = max(found.config_versions, default=0)
    if wish.get("LatestVersionNumber") not in (None, latest):
        raise ApiError("ConflictException", f"the latest version is {latest}")
    label = wish.get("VersionLabel")
    if label and any(each.version_label == label for each in found.config_versions.values()):
        raise ApiError("ConflictException", f"the version label {label} is taken")
    # a number goes to one version only, also after that one was deleted
    number = max(latest, vars(found).get("last_version", 0)) + 1
    vars(found)["last_version"] = number
    made = HostedConfigurationVersion(
        app_id=found.application_id,
        config_id=found.id,
        version=number,
        description=wish.get("Description", ""),
        content=(_stamped(content) if is_flags else content).decode(),
        content_type=self.headers["Content-Type"],
        version_label=label,  # type: ignore[arg-type]  # moto keeps None
    )
    found.config_versions[number] = made
    return ActionResult({**_described_version(made, found), "Content": made.content.encode()})


@replaces(AppConfigResponse, "get_hosted_configuration_version")
def _get_version(original: Any, self: AppConfigResponse) -> ActionResult:
    """A version that does not exist is said to be missing."""
    del original
    wish = given(self)
    names = (wish["ApplicationId"], wish["ConfigurationProfileId"])
    found = version(self.appconfig_backend, *names, wish["VersionNumber"])
    of_profile = profile(self.appconfig_backend, *names)
    return ActionResult({**_described_version(found, of_profile), "Content": found.content.encode()})


@replaces(AppConfigResponse, "delete_hosted_configuration_version")
def _delete_version(original: Any, self: AppConfigResponse) -> ActionResult:
    """A version that does not exist is said to be missing; moto crashes."""
    del original
    wish = given(self)
    names = (wish["ApplicationId"], wish["ConfigurationProfileId"])
    found = version(self.appconfig_backend, *names, wish["VersionNumber"])
    del profile(self.appconfig_backend, *names).config_versions[found.version]
    return EmptyResult()


def described(found: ConfigurationProfile) -> dict[str, Any]:
    """A profile as GetConfigurationProfile shows it."""
    key = vars(found).get("kms_key_identifier") or None
    key_arn = key if str(key).startswith("arn:") else None
    return {**found.to_json(), "KmsKeyIdentifier": key, "KmsKeyArn": key_arn}


def listing(wish: dict[str, Any], items: list[dict[str, Any]]) -> ActionResult:
    """A page of a listing."""
    found, token = page(items, wish.get("NextToken"), wish.get("MaxResults"))
    return ActionResult({"Items": found, "NextToken": token})


def _described_version(found: HostedConfigurationVersion, of_profile: ConfigurationProfile) -> dict[str, Any]:
    return {
        "ApplicationId": found.app_id,
        "ConfigurationProfileId": found.config_id,
        "VersionNumber": found.version,
        "Description": found.description or None,
        "ContentType": found.content_type,
        "VersionLabel": found.version_label,
        "KmsKeyArn": described(of_profile)["KmsKeyArn"],
    }


def _check_validators(validators: list[dict[str, str]] | None) -> None:
    for validator in validators or ():
        kind, content = validator.get("Type"), validator.get("Content", "")
        if kind not in _VALIDATORS:
            raise refused(f"{kind} is no type of validator; there are {' and '.join(_VALIDATORS)}")
        if kind == "JSON_SCHEMA" and (problem := problem_with_schema(content)):
            raise refused(f"Invalid JSON schema validator: {problem}")
        if kind == "LAMBDA" and not content.startswith("arn:"):
            raise refused(f"a validator of type LAMBDA is the ARN of a function, and not {content!r}")


def _keep_key(found: ConfigurationProfile, wish: dict[str, Any]) -> None:
    if "KmsKeyIdentifier" in wish:
        vars(found)["kms_key_identifier"] = wish["KmsKeyIdentifier"]


def _stamped(content: bytes) -> bytes:
    """AppConfig writes into feature flags when they were made."""
    document = json.loads(content)
    now = utcnow().isoformat(timespec="milliseconds") + "Z"
    for part in ("flags", "values"):
        for entry in (document.get(part) or {}).values():
            entry |= {"_createdAt": now, "_updatedAt": now}
    return json.dumps(document, separators=(",", ":")).encode()
