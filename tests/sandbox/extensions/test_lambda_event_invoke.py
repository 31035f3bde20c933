from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any


def test_what_becomes_of_failed_calls_is_replaced_whole(client: Callable[[str], Any]) -> None:
    trust = '{"Version":"2012-10-17","Statement":[]}'
    role = client("iam").create_role(RoleName="function", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("main.py", "handler = print")
    functions = client("lambda")
    functions.create_function(
        FunctionName="one",
        Role=role,
        Runtime="python3.13",
        Handler="main.handler",
        Code={"ZipFile": buffer.getvalue()},
    )
    functions.put_function_event_invoke_config(FunctionName="one", MaximumEventAgeInSeconds=3600)
    functions.put_function_event_invoke_config(FunctionName="one", MaximumRetryAttempts=0)
    shown = functions.get_function_event_invoke_config(FunctionName="one")
    assert shown["MaximumRetryAttempts"] == 0
    assert "MaximumEventAgeInSeconds" not in shown
