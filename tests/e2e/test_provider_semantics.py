"""What the engine's users rely on, each shown through the real engine."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.sandboxes import Project

pytestmark = pytest.mark.e2e

VPC = """
    import pulumi, pulumi_aws as aws
    vpc = aws.ec2.Vpc("net", cidr_block="10.0.0.0/16")
"""
NewProject = Callable[..., Project]


def test_a_secret_input_stays_secret_in_state_and_outputs(project: Project) -> None:
    project.write("""
        import pulumi, pulumi_aws as aws
        entry = aws.secretsmanager.Secret("entry", recovery_window_in_days=0)
        value = aws.secretsmanager.SecretVersion(
            "value", secret_id=entry.id, secret_string=pulumi.Output.secret("open-sesame"))
        pulumi.export("value", value.secret_string)
    """)
    run = project.up()
    assert run.code == 0, run.text
    state = project.pulumi("stack", "export", "--stack", "dev").text
    assert "open-sesame" not in run.text + state
    assert project.outputs()["value"] == "[secret]"
    log = project.sandbox.layout.daemon_log.read_text()
    assert "open-sesame" not in log
    stored = project.sandbox.client("secretsmanager").get_secret_value(
        SecretId=project.resources()["entry"]["id"], VersionStage="AWSCURRENT"
    )
    assert stored["SecretString"] == "open-sesame"


def test_a_preview_of_unknown_values_makes_nothing(project: Project) -> None:
    project.write(
        VPC
        + """
    subnet = aws.ec2.Subnet("tier", vpc_id=vpc.id, cidr_block="10.0.1.0/24")
    pulumi.export("arn", vpc.arn)
    """
    )
    before = project.sandbox.client("ec2").describe_vpcs()["Vpcs"]
    run = project.preview()
    assert run.code == 0, run.text
    assert re.search(r"vpcId\s*:\s*(output<string>|\[unknown\])", run.text), run.text
    assert project.sandbox.client("ec2").describe_vpcs()["Vpcs"] == before


def test_an_automatic_name_is_stable_over_updates(project: Project) -> None:
    program = """
        import pulumi, pulumi_aws as aws
        queue = aws.sqs.Queue("jobs", visibility_timeout_seconds={seconds})
        pulumi.export("name", queue.name)
    """
    project.write(program.format(seconds=30))
    project.up()
    name = project.outputs()["name"]
    assert re.fullmatch(r"jobs-[0-9a-f]{7}", name)
    project.write(program.format(seconds=60))
    run = project.up()
    assert "1 updated" in run.text, run.text
    assert project.outputs()["name"] == name


def test_default_tags_reach_every_resource_and_the_resource_s_own_win(project: Project) -> None:
    program = """
        import pulumi, pulumi_aws as aws
        vpc = aws.ec2.Vpc("net", cidr_block="10.0.0.0/16", tags={"Owner": "network", "Name": "net"})
        pulumi.export("tags", vpc.tags)
        pulumi.export("all", vpc.tags_all)
    """
    project.write(program, aws__defaultTags={"tags": {"Owner": "platform", "Project": "p"}})
    run = project.up()
    assert run.code == 0, run.text
    outputs = project.outputs()
    assert outputs["tags"] == {"Owner": "network", "Name": "net"}
    assert outputs["all"] == {"Owner": "network", "Name": "net", "Project": "p"}
    project.write(program, aws__defaultTags={"tags": {"Project": "q"}})
    run = project.up()
    assert "1 updated" in run.text, run.text
    vpc_id = project.resources()["net"]["id"]
    tags = project.sandbox.client("ec2").describe_vpcs(VpcIds=[vpc_id])["Vpcs"][0]["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"Owner": "network", "Name": "net", "Project": "q"}


def test_a_tag_that_was_added_by_hand_is_seen_by_a_refresh_and_goes(project: Project) -> None:
    project.write(
        """
        import pulumi_aws as aws
        aws.ec2.Vpc("net", cidr_block="10.0.0.0/16")
    """,
        aws__defaultTags={"tags": {"Owner": "platform"}},
    )
    assert project.up().code == 0
    vpc_id, ec2 = project.resources()["net"]["id"], project.sandbox.client("ec2")
    ec2.create_tags(Resources=[vpc_id], Tags=[{"Key": "Hand", "Value": "made"}])
    assert project.pulumi("refresh", "--yes", "--stack", "dev").code == 0
    run = project.up()
    assert "1 updated" in run.text, run.text
    [vpc] = ec2.describe_vpcs(VpcIds=[vpc_id])["Vpcs"]
    assert vpc["Tags"] == [{"Key": "Owner", "Value": "platform"}]


def test_an_automatically_named_resource_is_created_before_its_predecessor_goes(project: Project) -> None:
    program = """
        import pulumi_aws as aws
        group = aws.ec2.SecurityGroup(
            "web", description="{description}", vpc_id=aws.ec2.Vpc("net", cidr_block="10.0.0.0/16").id)
    """
    project.write(program.format(description="one"))
    project.up()
    project.write(program.format(description="two"))
    run = project.up()
    assert run.code == 0, run.text
    assert run.text.index("created replacement") < run.text.index("deleted original"), run.text


@pytest.mark.parametrize(
    ("arguments", "options"),
    [('name="fixed", ', ""), ("", ", opts=pulumi.ResourceOptions(delete_before_replace=True)")],
    ids=["because the name is taken", "because the program says so"],
)
def test_a_replacement_can_delete_first(project: Project, arguments: str, options: str) -> None:
    program = """
        import pulumi, pulumi_aws as aws
        net = aws.ec2.Vpc("net", cidr_block="10.0.0.0/16")
        aws.ec2.SecurityGroup("web", {arguments}description="{description}", vpc_id=net.id{options})
    """
    project.write(program.format(arguments=arguments, options=options, description="one"))
    project.up()
    project.write(program.format(arguments=arguments, options=options, description="two"))
    run = project.up()
    assert run.code == 0, run.text
    assert run.text.index("deleted original") < run.text.index("created replacement"), run.text


def test_what_exists_can_be_imported_by_a_program(project: Project) -> None:
    vpc = project.sandbox.client("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    project.write(f"""
        import pulumi, pulumi_aws as aws
        aws.ec2.Vpc("net", cidr_block="10.9.0.0/16", opts=pulumi.ResourceOptions(import_="{vpc}"))
    """)
    run = project.up()
    assert run.code == 0, run.text
    assert "1 imported" in run.text
    assert project.resources()["net"]["id"] == vpc
    project.write("""
        import pulumi_aws as aws
        aws.ec2.Vpc("net", cidr_block="10.9.0.0/16")
    """)
    assert "2 unchanged" in project.up().text


def test_what_exists_can_be_imported_by_the_command(project: Project) -> None:
    vpc = project.sandbox.client("ec2").create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
    project.write("import pulumi")
    run = project.pulumi(
        "import", "--yes", "--skip-preview", "--protect=false", "aws:ec2/vpc:Vpc", "net", vpc
    )
    assert run.code == 0, run.text
    assert 'cidr_block="10.8.0.0/16"' in run.text.replace(" = ", "="), run.text
    assert project.resources()["net"]["id"] == vpc


def test_an_import_of_what_does_not_exist_is_refused(project: Project) -> None:
    project.write("""
        import pulumi, pulumi_aws as aws
        aws.ec2.Vpc("net", cidr_block="10.9.0.0/16", opts=pulumi.ResourceOptions(import_="vpc-00000000"))
    """)
    run = project.up()
    assert run.code != 0
    assert "vpc-00000000" in run.text
    assert "does not exist" in run.text


def test_an_ignored_change_stays_as_it_was(project: Project) -> None:
    program = """
        import pulumi, pulumi_aws as aws
        aws.sqs.Queue("jobs", visibility_timeout_seconds={seconds},
                      opts=pulumi.ResourceOptions(ignore_changes=["visibilityTimeoutSeconds"]))
    """
    project.write(program.format(seconds=30))
    project.up()
    project.write(program.format(seconds=60))
    assert "2 unchanged" in project.up().text
    assert project.resources()["jobs"]["outputs"]["visibilityTimeoutSeconds"] == 30


def test_a_protected_resource_is_not_deleted(project: Project) -> None:
    project.write("""
        import pulumi, pulumi_aws as aws
        aws.sqs.Queue("jobs", opts=pulumi.ResourceOptions(protect=True))
    """)
    project.up()
    run = project.destroy()
    assert run.code != 0
    assert "protected" in run.text
    assert "jobs" in project.resources()
    project.pulumi("state", "unprotect", "--all", "--yes", "--stack", "dev")


def test_a_resource_retained_on_delete_stays_in_the_account(project: Project) -> None:
    project.write("""
        import pulumi, pulumi_aws as aws
        aws.sqs.Queue("jobs", name="kept", opts=pulumi.ResourceOptions(retain_on_delete=True))
    """)
    project.up()
    assert project.destroy().code == 0
    sqs = project.sandbox.client("sqs")
    sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName="kept")["QueueUrl"])


def test_a_custom_timeout_bounds_the_wait(project: Project) -> None:
    project.write("""
        import pulumi, pulumi_aws as aws
        certificate = aws.acm.Certificate("web", domain_name="timeout.example.com", validation_method="DNS")
        aws.acm.CertificateValidation(
            "wait", certificate_arn=certificate.arn,
            opts=pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="2s")))
    """)
    began = time.monotonic()
    run = project.up()
    assert run.code != 0
    assert "customTimeouts" in run.text, run.text
    assert time.monotonic() - began < 60


def test_an_explicit_provider_acts_in_its_own_region(project: Project) -> None:
    project.write("""
        import pulumi, pulumi_aws as aws
        far = aws.Provider("far", region="us-east-1")
        aws.sqs.Queue("here", name="two-regions")
        there = aws.sqs.Queue("there", name="two-regions", opts=pulumi.ResourceOptions(provider=far))
        pulumi.export("region", aws.get_region_output(opts=pulumi.InvokeOptions(provider=far)).region)
        pulumi.export("arn", there.arn)
    """)
    run = project.up()
    assert run.code == 0, run.text
    assert project.outputs()["region"] == "us-east-1"
    assert ":us-east-1:" in project.outputs()["arn"]


def test_a_stack_is_refused_in_an_account_that_it_does_not_allow(project: Project) -> None:
    project.write(VPC, aws__allowedAccountIds=["222222222222"])
    run = project.up()
    assert run.code != 0
    assert "111111111111" in run.text
    assert "222222222222" in run.text
    assert "aws:allowedAccountIds" in run.text


def test_an_explicit_provider_acts_with_its_own_credentials(project: Project) -> None:
    staging = project.sandbox.variables("staging")
    project.write(f"""
        import pulumi, pulumi_aws as aws
        other = aws.Provider("other", region="eu-west-1", access_key="{staging["AWS_ACCESS_KEY_ID"]}",
            secret_key=pulumi.Output.secret("{staging["AWS_SECRET_ACCESS_KEY"]}"))
        pulumi.export("account",
            aws.get_caller_identity_output(opts=pulumi.InvokeOptions(provider=other)).account_id)
        aws.sqs.Queue("jobs", opts=pulumi.ResourceOptions(provider=other))
    """)
    run = project.up()
    assert run.code == 0, run.text
    assert project.outputs()["account"] == "222222222222"
    assert staging["AWS_SECRET_ACCESS_KEY"] not in project.pulumi("stack", "export", "--stack", "dev").text


def test_an_unknown_provider_setting_is_refused(project: Project) -> None:
    project.write(VPC, aws__sharedCredentialsFiles=["somewhere"])
    run = project.up()
    assert run.code != 0
    assert "sharedCredentialsFiles" in run.text


def test_a_create_that_fails_half_way_is_recorded_and_repaired_by_the_next_up(project: Project) -> None:
    """Stickiness by address is not for HTTP, which the call after the one that creates is told."""
    program = (
        VPC
        + """
    aws.lb.TargetGroup("app", name="half-way", port=80, protocol="HTTP", vpc_id=vpc.id, target_type="ip",
                       stickiness={{"type": "{kind}", "enabled": True}})
    """
    )
    project.write(program.format(kind="source_ip"))
    run = project.up()
    assert run.code != 0
    assert "the next `pulumi up` repairs it" in run.text, run.text
    arn = project.resources()["app"]["id"]
    assert "targetgroup/half-way/" in arn
    project.write(program.format(kind="lb_cookie"))
    run = project.up()
    assert run.code == 0, run.text
    assert "1 updated" in run.text
    shown = project.sandbox.client("elbv2").describe_target_group_attributes(TargetGroupArn=arn)
    assert {"Key": "stickiness.type", "Value": "lb_cookie"} in shown["Attributes"]


def test_what_the_official_provider_would_refuse_is_refused_at_preview(project: Project) -> None:
    project.write("""
        import pulumi_aws as aws
        aws.sqs.Queue("tickets", visibility_timeout_seconds=50000, kms_master_key_id="alias/aws/sqs",
                      sqs_managed_sse_enabled=True)
    """)
    run = project.preview()
    assert run.code != 0
    assert "visibilityTimeoutSeconds value {50000} has a problem: it must be 0 to 43200" in run.text, run.text
    assert "at most one of kmsMasterKeyId, sqsManagedSseEnabled" in run.text
    assert "internal/service/sqs/queue.go" in run.text


def test_an_error_carries_the_code_and_message_of_aws_and_names_the_property(project: Project) -> None:
    project.write(
        VPC
        + """
    aws.ec2.Subnet("tier", vpc_id=vpc.id, cidr_block="192.168.0.0/24")
    """
    )
    run = project.up()
    assert run.code != 0
    assert "InvalidSubnet.Range" in run.text
    assert "cidrBlock" in run.text


def test_an_unknown_resource_type_is_named_with_the_page_that_tells_how_to_add_it(project: Project) -> None:
    project.write("""
        import pulumi
        pulumi.CustomResource("aws:nowhere/nothing:Nothing", "it", {})
    """)
    run = project.up()
    assert run.code != 0
    assert "aws:nowhere/nothing:Nothing" in run.text
    assert "docs/adding-a-resource-type.md" in run.text


def test_an_unknown_property_is_named_with_the_nearest_one(project: Project) -> None:
    project.write("""
        import pulumi
        class Vpc(pulumi.CustomResource): pass
        Vpc("aws:ec2/vpc:Vpc", "net", {"cidrBlok": "10.0.0.0/16"})
    """)
    run = project.up()
    assert run.code != 0
    assert "cidrBlok" in run.text
    assert "did you mean 'cidrBlock'?" in run.text


def test_a_changed_file_updates_and_a_touched_one_does_not(project: Project, tmp_path: Path) -> None:
    code = tmp_path / "code"
    code.mkdir()
    source = code / "handler.py"
    source.write_text("def handle(event, context): return 1\n")
    project.write(f"""
        import json, pulumi, pulumi_aws as aws
        service = {{"Service": "lambda.amazonaws.com"}}
        role = aws.iam.Role("run", assume_role_policy=json.dumps({{"Version": "2012-10-17", "Statement": [
            {{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": service}}]}}))
        function = aws.lambda_.Function("f", role=role.arn, runtime="python3.13", handler="handler.handle",
            code=pulumi.FileArchive({str(code)!r}))
        pulumi.export("digest", function.source_code_hash)
    """)
    run = project.up()
    assert run.code == 0, run.text
    source.touch()
    assert "3 unchanged" in project.up().text
    source.write_text("def handle(event, context): return 2\n")
    assert "1 updated" in project.up().text


def test_a_cancelled_wait_ends_soon_and_keeps_what_was_made(project: Project) -> None:
    project.write("""
        import pulumi_aws as aws
        certificate = aws.acm.Certificate("web", domain_name="cancel.example.com", validation_method="DNS")
        aws.acm.CertificateValidation("wait", certificate_arn=certificate.arn)
    """)
    process = project.process("up", "--yes", "--skip-preview", start_new_session=True)
    wait_until_made(project, "cancel.example.com")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode != 0
    resources = project.resources()
    assert "initErrors" not in resources["web"]
    assert "cancelled" in resources["wait"]["initErrors"][0]


def wait_until_made(project: Project, domain: str) -> None:
    acm = project.sandbox.client("acm")
    for _ in range(300):
        if any(entry["DomainName"] == domain for entry in acm.list_certificates()["CertificateSummaryList"]):
            time.sleep(1)  # the engine records the certificate and begins the wait
            return
        time.sleep(0.1)
    raise AssertionError(f"no certificate for {domain} within 30 s")
