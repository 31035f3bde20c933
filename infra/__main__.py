"""What `pulumi up` runs."""

from infra import config, outputs, stack

outputs.export(stack.build(config.from_pulumi()))
