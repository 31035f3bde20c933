"""Rules of load balancers, their listeners and target groups."""

from awsmodel.checks import OneOf, Pattern
from awsmodel.relations import Requires
from awsmodel.rule import Rule, TypeRules
from awsmodel.rule_words import (
    arn,
    between,
    cidr,
    exactly_one_of,
    exclusive,
    items,
    length,
    matches,
    one_of,
    said,
)

_NAME = r"\A[0-9A-Za-z]([0-9A-Za-z-]{0,30}[0-9A-Za-z])?\Z"
_NAME_WORDS = "be at most 32 letters, digits and hyphens, without a hyphen at its ends"
_PREFIX = r"\A[0-9A-Za-z][0-9A-Za-z-]{0,5}\Z"
_CONTENT_TYPES = ("text/plain", "text/css", "text/html", "application/javascript", "application/json")
_CONDITIONS = ("hostHeader", "httpHeader", "httpRequestMethod", "pathPattern", "queryStrings", "sourceIp")


def _actions(path: str) -> tuple[Rule, ...]:
    """What a listener and a rule of one may do."""
    return (
        arn(f"{path}.targetGroupArn", "elasticloadbalancing"),
        arn(f"{path}.forward.targetGroups[].arn", "elasticloadbalancing"),
        items(f"{path}.forward.targetGroups", 1, 5),
        between(f"{path}.forward.targetGroups[].weight", 0, 999),
        between(f"{path}.forward.stickiness.duration", 1, 604800),
        one_of(f"{path}.fixedResponse.contentType", *_CONTENT_TYPES),
        matches(f"{path}.fixedResponse.statusCode", r"\A[245]\d\d\Z", "be a status such as 404"),
        one_of(f"{path}.redirect.protocol", "#{protocol}", "HTTP", "HTTPS"),
        said(path, Requires("type", ("redirect",), needs=("redirect",)), "validateListenerActions"),
        said(
            path, Requires("type", ("fixed-response",), needs=("fixedResponse",)), "validateListenerActions"
        ),
        said(
            path, Requires("type", ("forward",), needs=("targetGroupArn|forward",)), "validateListenerActions"
        ),
    )


LOAD_BALANCER = TypeRules(
    of="aws:lb/loadBalancer:LoadBalancer",
    source="internal/service/elbv2/load_balancer.go",
    rules=(
        matches("name", _NAME, _NAME_WORDS, "validName"),
        said("name", Pattern(r"\Ainternal-", "not begin with internal-", forbidden=True), "validName"),
        exclusive("name", "namePrefix"),
        matches("namePrefix", _PREFIX, "be at most 6 letters, digits and hyphens", "validNamePrefix"),
        exactly_one_of("subnetMappings", "subnets"),
        one_of("desyncMitigationMode", "monitor", "defensive", "strictest"),
        one_of("xffHeaderProcessingMode", "append", "preserve", "remove"),
        one_of(
            "dnsRecordClientRoutingPolicy",
            *("any_availability_zone", "availability_zone_affinity", "partial_availability_zone_affinity"),
        ),
        between("idleTimeout", 1, 4000, "AWS: Elastic Load Balancing API Reference, LoadBalancerAttribute"),
        between(
            "clientKeepAlive", 60, 604800, "AWS: Elastic Load Balancing API Reference, LoadBalancerAttribute"
        ),
        said(
            "", Requires("internal", (True,), forbids=("customerOwnedIpv4Pool",)), "AWS: Outposts User Guide"
        ),
    ),
)

TARGET_GROUP = TypeRules(
    of="aws:lb/targetGroup:TargetGroup",
    source="internal/service/elbv2/target_group.go",
    rules=(
        matches("name", _NAME, _NAME_WORDS, "validTargetGroupName"),
        exclusive("name", "namePrefix"),
        matches(
            "namePrefix", _PREFIX, "be at most 6 letters, digits and hyphens", "validTargetGroupNamePrefix"
        ),
        between("deregistrationDelay", 0, 3600, "nullable.ValidateTypeStringNullableIntBetween(0, 3600)"),
        said(
            "slowStart", OneOf((0, *range(30, 901))), "validation.Any(IntBetween(0, 0), IntBetween(30, 900))"
        ),
        matches("healthCheck.path", r"\A/", "begin with a slash", 'verify.StringHasPrefix("/")'),
        matches(
            "healthCheck.port",
            r"\A(traffic-port|\d{1,5})\Z",
            "be traffic-port or the number of a port",
            "validTargetGroupHealthCheckPort",
        ),
        one_of("healthCheck.protocol", "HTTP", "HTTPS", "TCP"),
        one_of("loadBalancingAlgorithmType", "round_robin", "least_outstanding_requests", "weighted_random"),
        one_of("loadBalancingAnomalyMitigation", "on", "off"),
        one_of("loadBalancingCrossZoneEnabled", "true", "false", "use_load_balancer_configuration"),
        one_of("protocolVersion", "GRPC", "HTTP1", "HTTP2"),
        one_of(
            "stickiness.type",
            "lb_cookie",
            "app_cookie",
            "source_ip",
            "source_ip_dest_ip",
            "source_ip_dest_ip_proto",
        ),
        between("stickiness.cookieDuration", 0, 604800),
        said("stickiness", Requires("type", ("app_cookie",), needs=("cookieName",)), "CustomizeDiff"),
        said(
            "",
            Requires(
                "targetType",
                ("instance", "ip", "alb"),
                needs=("port", "protocol", "vpcId"),
                absent_as="instance",
            ),
            "customizeDiffTargetGroupTargetTypeNotLambda",
        ),
        between("targetHealthStates[].unhealthyDrainingInterval", 0, 360000),
    ),
)

LISTENER = TypeRules(
    of="aws:lb/listener:Listener",
    source="internal/service/elbv2/listener.go",
    rules=(
        *_actions("defaultActions[]"),
        arn("loadBalancerArn", "elasticloadbalancing"),
        arn("certificateArn"),
        one_of("alpnPolicy", "HTTP1Only", "HTTP2Only", "HTTP2Optional", "HTTP2Preferred", "None"),
        said(
            "",
            Requires("protocol", ("HTTPS", "TLS"), needs=("certificateArn",)),
            "AWS: Elastic Load Balancing API Reference, CreateListener",
        ),
        said(
            "",
            Requires("protocol", ("HTTP", "TCP", "UDP", "TCP_UDP"), forbids=("certificateArn", "sslPolicy")),
            "AWS: Elastic Load Balancing API Reference, CreateListener",
        ),
    ),
)

LISTENER_RULE = TypeRules(
    of="aws:lb/listenerRule:ListenerRule",
    source="internal/service/elbv2/listener_rule.go",
    rules=(
        *_actions("actions[]"),
        arn("listenerArn", "elasticloadbalancing"),
        exactly_one_of(
            *_CONDITIONS,
            path="conditions[]",
            source="AWS: Elastic Load Balancing API Reference, RuleCondition",
        ),
        length("conditions[].hostHeader.values[]", 1, 128),
        length("conditions[].pathPattern.values[]", 1, 128),
        length("conditions[].httpHeader.values[]", 1, 128),
        matches(
            "conditions[].httpHeader.httpHeaderName",
            r"\A[0-9A-Za-z_!#$%&'*+,.^`|~-]{1,40}\Z",
            "be the name of a header, of at most 40 characters",
        ),
        matches(
            "conditions[].httpRequestMethod.values[]", r"\A[A-Za-z_-]{1,40}\Z", "be a method such as GET"
        ),
        cidr("conditions[].sourceIp.values[]", 0),
    ),
)
