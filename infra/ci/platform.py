"""What an `up` needs for what the service runs on: network, entrance, tasks and their delivery.

An entry of `on` is the rest of an ARN after `arn:<partition>:`. What has a name is bound to the names of the
stack, what AWS names is bound to the stack's tags, and the rest is said to be everything ("*") because AWS
knows nothing narrower (Service Authorization Reference, the page of the service).
"""

from __future__ import annotations

from infra.ci.rights import Rights

NETWORK = (
    Rights(
        service="ec2",
        reads="DescribeAccountAttributes DescribeAddresses DescribeAddressesAttribute "
        "DescribeAvailabilityZones DescribeFlowLogs DescribeInternetGateways "
        "DescribeManagedPrefixLists DescribeNatGateways DescribeNetworkAcls "
        "DescribeNetworkInterfaces DescribePrefixLists DescribeRouteTables "
        "DescribeSecurityGroupRules DescribeSecurityGroups DescribeSubnets DescribeTags "
        "DescribeVpcAttribute DescribeVpcEndpoints DescribeVpcs GetManagedPrefixListEntries",
    ),
    Rights(
        service="ec2",
        on=("ec2:{here}:*",),
        tagged=True,
        made=tuple(
            f"ec2:{{here}}:{kind}/*"
            for kind in (
                "elastic-ip",
                "internet-gateway",
                "natgateway",
                "network-acl",
                "route-table",
                "security-group",
                "security-group-rule",
                "subnet",
                "vpc",
                "vpc-endpoint",
                "vpc-flow-log",
            )
        ),
        creates="AllocateAddress AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress "
        "CreateFlowLogs CreateInternetGateway CreateNatGateway CreateNetworkAcl "
        "CreateRouteTable CreateSecurityGroup CreateSubnet CreateVpc CreateVpcEndpoint",
        # What is made lies in something of ours, so that each create is here again.
        writes="AllocateAddress AssociateAddress AssociateRouteTable AttachInternetGateway "
        "AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress CreateFlowLogs "
        "CreateNatGateway CreateNetworkAcl CreateNetworkAclEntry CreateRoute CreateRouteTable "
        "CreateSecurityGroup CreateSubnet CreateVpcEndpoint DeleteFlowLogs "
        "DeleteInternetGateway DeleteNatGateway DeleteNetworkAcl DeleteNetworkAclEntry "
        "DeleteRoute DeleteRouteTable DeleteSecurityGroup DeleteSubnet DeleteTags DeleteVpc "
        "DeleteVpcEndpoints DetachInternetGateway DisassociateAddress DisassociateRouteTable "
        "ModifySecurityGroupRules ModifySubnetAttribute ModifyVpcAttribute ModifyVpcEndpoint "
        "ReleaseAddress ReplaceNetworkAclAssociation ReplaceNetworkAclEntry ReplaceRoute "
        "ReplaceRouteTableAssociation RevokeSecurityGroupEgress RevokeSecurityGroupIngress",
        tags="CreateTags",
    ),
    # A subnet goes back to the network ACL that came with the VPC and has no tags.
    Rights(service="ec2", on=("ec2:{here}:network-acl/*",), writes="ReplaceNetworkAclAssociation"),
)
ENTRANCE = (
    Rights(
        service="elasticloadbalancing",
        reads="DescribeCapacityReservation DescribeListenerAttributes DescribeListenerCertificates "
        "DescribeListeners DescribeLoadBalancerAttributes DescribeLoadBalancers DescribeRules "
        "DescribeTags DescribeTargetGroupAttributes DescribeTargetGroups DescribeTargetHealth",
    ),
    Rights(
        service="elasticloadbalancing",
        on=("elasticloadbalancing:{here}:*",),
        tagged=True,
        creates="CreateLoadBalancer CreateTargetGroup",
        writes="CreateListener CreateRule DeleteListener DeleteLoadBalancer DeleteRule "
        "DeleteTargetGroup ModifyListener ModifyListenerAttributes "
        "ModifyLoadBalancerAttributes ModifyRule ModifyTargetGroup "
        "ModifyTargetGroupAttributes RemoveTags SetIpAddressType SetRulePriorities "
        "SetSecurityGroups SetSubnets SetWebAcl",
        tags="AddTags",
    ),
    Rights(
        service="acm",
        on=("acm:{here}:certificate/*",),
        reads="DescribeCertificate ListTagsForCertificate",
        tagged=True,
        creates="RequestCertificate",
        writes="DeleteCertificate RemoveTagsFromCertificate UpdateCertificateOptions",
        tags="AddTagsToCertificate",
    ),
    Rights(service="acm", reads="ListCertificates"),
    Rights(
        service="route53",
        on=("route53:::hostedzone/*", "route53:::change/*"),
        reads="GetChange GetHostedZone ListResourceRecordSets ListTagsForResource",
        writes="AssociateVPCWithHostedZone ChangeResourceRecordSets ChangeTagsForResource "
        "DeleteHostedZone DisassociateVPCFromHostedZone UpdateHostedZoneComment",
    ),
    Rights(service="route53", reads="ListHostedZones ListHostedZonesByName", writes="CreateHostedZone"),
    Rights(
        service="wafv2",
        reads="GetLoggingConfiguration GetWebACL GetWebACLForResource ListTagsForResource ListWebACLs",
    ),
    Rights(
        service="wafv2",
        on=(
            "wafv2:{here}:regional/webacl/{prefix}-*",
            "wafv2:{here}:regional/managedruleset/*",
            "elasticloadbalancing:{here}:loadbalancer/app/*",
        ),
        writes="AssociateWebACL CreateWebACL DeleteLoggingConfiguration DeleteWebACL "
        "DisassociateWebACL PutLoggingConfiguration TagResource UntagResource UpdateWebACL",
    ),
)
COMPUTE = (
    Rights(
        service="ecs",
        on=tuple(
            f"ecs:{{here}}:{kind}/{{prefix}}-*"
            for kind in (
                "cluster",
                "service",
                "service-deployment",
                "service-revision",
                "task",
                "task-definition",
            )
        ),
        reads="DescribeClusters DescribeServiceDeployments DescribeServiceRevisions "
        "DescribeServices DescribeTasks ListServiceDeployments ListTagsForResource",
        # A release runs the migration and can be stopped.
        writes="CreateService DeleteCluster DeleteService RegisterTaskDefinition RunTask "
        "StopServiceDeployment StopTask TagResource UntagResource UpdateCluster "
        "UpdateClusterSettings UpdateService",
    ),
    Rights(
        service="ecs",
        reads="DescribeTaskDefinition ListTaskDefinitions ListTasks",
        writes="DeregisterTaskDefinition",
    ),
    Rights(service="ecs", tagged=True, creates="CreateCluster"),
    Rights(
        service="ecr",
        on=("ecr:{here}:repository/{prefix}-*",),
        reads="DescribeImages DescribeRepositories GetLifecyclePolicy GetRepositoryPolicy "
        "ListTagsForResource",
        writes="BatchCheckLayerAvailability BatchGetImage CompleteLayerUpload CreateRepository "
        "DeleteLifecyclePolicy DeleteRepository DeleteRepositoryPolicy GetDownloadUrlForLayer "
        "InitiateLayerUpload PutImage PutImageScanningConfiguration PutImageTagMutability "
        "PutLifecyclePolicy SetRepositoryPolicy TagResource UntagResource UploadLayerPart",
    ),
    # The program asks for the token in a preview too; what can be pulled or pushed by it is said above.
    Rights(service="ecr", reads="GetAuthorizationToken"),
    Rights(
        service="lambda",
        on=("lambda:{here}:function:{prefix}-*",),
        reads="GetFunction GetFunctionCodeSigningConfig GetFunctionConcurrency "
        "GetFunctionConfiguration GetFunctionEventInvokeConfig GetPolicy ListTags "
        "ListVersionsByFunction",
        writes="AddPermission CreateFunction DeleteFunction DeleteFunctionConcurrency "
        "DeleteFunctionEventInvokeConfig InvokeFunction PutFunctionConcurrency "
        "PutFunctionEventInvokeConfig RemovePermission TagResource UntagResource "
        "UpdateFunctionCode UpdateFunctionConfiguration UpdateFunctionEventInvokeConfig",
    ),
)
DELIVERY = (
    Rights(service="application-autoscaling", reads="DescribeScalableTargets DescribeScalingPolicies"),
    Rights(
        service="application-autoscaling",
        on=("application-autoscaling:{here}:scalable-target/*",),
        reads="ListTagsForResource",
        writes="DeleteScalingPolicy DeregisterScalableTarget PutScalingPolicy RegisterScalableTarget "
        "TagResource UntagResource",
    ),
    Rights(
        service="scheduler",
        on=("scheduler:{here}:schedule-group/{prefix}-*", "scheduler:{here}:schedule/{prefix}-*"),
        reads="GetSchedule GetScheduleGroup ListTagsForResource",
        writes="CreateSchedule CreateScheduleGroup DeleteSchedule DeleteScheduleGroup TagResource "
        "UntagResource UpdateSchedule",
    ),
    # Profiles' versions and deployments have no tags to go by.
    Rights(
        service="appconfig",
        on=("appconfig:{here}:application/*", "appconfig:{here}:deploymentstrategy/*"),
        reads="GetApplication GetConfigurationProfile GetDeployment GetDeploymentStrategy "
        "GetEnvironment GetHostedConfigurationVersion ListDeployments "
        "ListHostedConfigurationVersions ListTagsForResource",
        writes="CreateConfigurationProfile CreateEnvironment CreateHostedConfigurationVersion "
        "DeleteApplication DeleteConfigurationProfile DeleteDeploymentStrategy "
        "DeleteEnvironment DeleteHostedConfigurationVersion StartDeployment StopDeployment "
        "TagResource UntagResource UpdateApplication UpdateConfigurationProfile "
        "UpdateDeploymentStrategy UpdateEnvironment ValidateConfiguration",
    ),
    Rights(service="appconfig", tagged=True, creates="CreateApplication CreateDeploymentStrategy"),
    Rights(
        service="bedrock",
        on=("bedrock:{here}:guardrail/*", "bedrock:{here}:*inference-profile/*"),
        reads="GetGuardrail GetInferenceProfile ListGuardrails ListTagsForResource",
        tagged=True,
        creates="CreateGuardrail CreateInferenceProfile",
        writes="CreateGuardrailVersion DeleteGuardrail DeleteInferenceProfile UntagResource UpdateGuardrail",
        tags="TagResource",
    ),
    Rights(
        service="bedrock",
        reads="GetModelInvocationLoggingConfiguration",
        writes="DeleteModelInvocationLoggingConfiguration PutModelInvocationLoggingConfiguration",
    ),
)
