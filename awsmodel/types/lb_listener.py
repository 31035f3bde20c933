"""Listeners: a port of a load balancer, and what happens to a request that no rule takes."""

from __future__ import annotations

from typing import Any

from awsmodel.names import Codec, Field, Names, Properties
from awsmodel.resource import Call, Example, Params, ResourceType
from awsmodel.types.lb_attributes import LB_TAGS, Attributes

_TYPE = "aws:lb/listener:Listener"
_REQUEST = "routing.http.request"
_RESPONSE = "routing.http.response"

# Elastic Load Balancing API reference, ListenerAttribute
_KEYS = {
    "routingHttpRequestXAmznMtlsClientcertHeaderName": f"{_REQUEST}.x_amzn_mtls_clientcert.header_name",
    "routingHttpRequestXAmznMtlsClientcertIssuerHeaderName": (
        f"{_REQUEST}.x_amzn_mtls_clientcert_issuer.header_name"
    ),
    "routingHttpRequestXAmznMtlsClientcertLeafHeaderName": (
        f"{_REQUEST}.x_amzn_mtls_clientcert_leaf.header_name"
    ),
    "routingHttpRequestXAmznMtlsClientcertSerialNumberHeaderName": (
        f"{_REQUEST}.x_amzn_mtls_clientcert_serial_number.header_name"
    ),
    "routingHttpRequestXAmznMtlsClientcertSubjectHeaderName": (
        f"{_REQUEST}.x_amzn_mtls_clientcert_subject.header_name"
    ),
    "routingHttpRequestXAmznMtlsClientcertValidityHeaderName": (
        f"{_REQUEST}.x_amzn_mtls_clientcert_validity.header_name"
    ),
    "routingHttpRequestXAmznTlsCipherSuiteHeaderName": f"{_REQUEST}.x_amzn_tls_cipher_suite.header_name",
    "routingHttpRequestXAmznTlsVersionHeaderName": f"{_REQUEST}.x_amzn_tls_version.header_name",
    "routingHttpResponseAccessControlAllowCredentialsHeaderValue": (
        f"{_RESPONSE}.access_control_allow_credentials.header_value"
    ),
    "routingHttpResponseAccessControlAllowHeadersHeaderValue": (
        f"{_RESPONSE}.access_control_allow_headers.header_value"
    ),
    "routingHttpResponseAccessControlAllowMethodsHeaderValue": (
        f"{_RESPONSE}.access_control_allow_methods.header_value"
    ),
    "routingHttpResponseAccessControlAllowOriginHeaderValue": (
        f"{_RESPONSE}.access_control_allow_origin.header_value"
    ),
    "routingHttpResponseAccessControlExposeHeadersHeaderValue": (
        f"{_RESPONSE}.access_control_expose_headers.header_value"
    ),
    "routingHttpResponseAccessControlMaxAgeHeaderValue": (f"{_RESPONSE}.access_control_max_age.header_value"),
    "routingHttpResponseContentSecurityPolicyHeaderValue": (
        f"{_RESPONSE}.content_security_policy.header_value"
    ),
    "routingHttpResponseServerEnabled": f"{_RESPONSE}.server.enabled",
    "routingHttpResponseStrictTransportSecurityHeaderValue": (
        f"{_RESPONSE}.strict_transport_security.header_value"
    ),
    "routingHttpResponseXContentTypeOptionsHeaderValue": (f"{_RESPONSE}.x_content_type_options.header_value"),
    "routingHttpResponseXFrameOptionsHeaderValue": f"{_RESPONSE}.x_frame_options.header_value",
    "tcpIdleTimeoutSeconds": "tcp.idle_timeout.seconds",
}
_ATTRIBUTES = Attributes(
    _TYPE,
    _KEYS,
    initial={path: "" for path in _KEYS if path.endswith("Value")}
    | {"routingHttpResponseServerEnabled": True, "tcpIdleTimeoutSeconds": 350},
)

_ONE_CERTIFICATE = Codec(
    encode=lambda arn: [{"CertificateArn": arn}],
    decode=lambda certificates: certificates[0]["CertificateArn"] if certificates else None,
)


def action_names(prefix: str) -> Names:
    """The names inside a list of actions, which listeners and rules have alike."""
    names = {
        "authenticateCognito": "AuthenticateCognitoConfig",
        "authenticateOidc": "AuthenticateOidcConfig",
        "fixedResponse": "FixedResponseConfig",
        "forward": "ForwardConfig",
        "forward.stickiness": "TargetGroupStickinessConfig",
        "forward.stickiness.duration": "DurationSeconds",
        "forward.targetGroups.arn": "TargetGroupArn",
        "jwtValidation": "JwtValidationConfig",
        "redirect": "RedirectConfig",
    }
    return {f"{prefix}.{name}": member for name, member in names.items()}


def _changed_attributes(known: Properties) -> Params | None:
    changes = _ATTRIBUTES.changes(known)
    return {"Attributes": changes} if changes else None


def _shown_attributes(answer: dict[str, Any]) -> Properties:
    return _ATTRIBUTES.read(answer["Attributes"])


LISTENER = ResourceType(
    token=_TYPE,
    service="elbv2",
    create=Call(operation="create_listener"),
    id="Listeners[0].ListenerArn",
    read=Call(operation="describe_listeners", identify={"ListenerArns": "id"}, result="Listeners[0]"),
    more_reads=(
        Call(
            operation="describe_listener_attributes",
            identify={"ListenerArn": "id"},
            decode=_shown_attributes,
        ),
    ),
    updates=(
        Call(operation="modify_listener", identify={"ListenerArn": "id"}),
        Call(
            operation="modify_listener_attributes",
            identify={"ListenerArn": "id"},
            properties=_ATTRIBUTES.properties,
            build=_changed_attributes,
        ),
    ),
    delete=Call(operation="delete_listener", identify={"ListenerArn": "id"}),
    names={
        "arn": "ListenerArn",
        "certificateArn": Field("Certificates", _ONE_CERTIFICATE),
        **action_names("defaultActions"),
    },
    tags=LB_TAGS,
    gone=frozenset({"ListenerNotFound", "LoadBalancerNotFound"}),
    busy=frozenset({"ResourceInUse"}),
    example=Example(
        inputs=lambda need: {
            "loadBalancerArn": need("aws:lb/loadBalancer:LoadBalancer", "arn"),
            "port": 443,
            "protocol": "HTTPS",
            "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
            "certificateArn": need("aws:acm/certificateValidation:CertificateValidation", "certificateArn"),
            "defaultActions": [
                {
                    "type": "fixed-response",
                    "fixedResponse": {
                        "contentType": "text/plain",
                        "messageBody": "no such page",
                        "statusCode": "404",
                    },
                }
            ],
        },
        update=lambda need: {
            "sslPolicy": "ELBSecurityPolicy-TLS13-1-3-2021-06",
            "defaultActions": [
                {"type": "forward", "targetGroupArn": need("aws:lb/targetGroup:TargetGroup", "arn")}
            ],
            "routingHttpResponseStrictTransportSecurityHeaderValue": "max-age=31536000",
            "tags": {"Owner": "platform"},
        },
    ),
)
