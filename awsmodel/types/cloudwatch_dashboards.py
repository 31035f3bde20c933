"""CloudWatch dashboards."""

import json

from awsmodel.resource import Call, Example, ResourceType

_BODY = (
    '{"start":"-PT6H","widgets":[{"type":"metric","x":0,"y":0,"width":12,"height":6,"properties":'
    '{"title":"requests","region":"eu-west-1","metrics":[["Example","Requests","Service","example"]]}}]}'
)


def _body(text: str) -> str:
    """One spelling; the order of widgets and metrics is what a person sees, and counts."""
    try:
        return json.dumps(json.loads(text), sort_keys=True)
    except ValueError:
        return text  # AWS says what is wrong with it


DASHBOARD = ResourceType(
    token="aws:cloudwatch/dashboard:Dashboard",
    service="cloudwatch",
    create=Call(operation="put_dashboard"),
    id="{dashboardName}",
    read=Call(operation="get_dashboard", identify={"DashboardName": "id"}),
    updates=(Call(operation="put_dashboard", identify={"DashboardName": "id"}, whole=True),),
    delete=Call(operation="delete_dashboards", identify={"DashboardNames": "id"}),
    list=Call(operation="list_dashboards", result="DashboardEntries[].DashboardName"),
    canonical={"dashboardBody": _body},
    gone=frozenset({"DashboardNotFoundError", "ResourceNotFound"}),
    example=Example(
        inputs=lambda need: {"dashboardName": "example", "dashboardBody": _BODY},
        update=lambda need: {"dashboardBody": _BODY.replace("Requests", "Errors")},
        replace=lambda need: {"dashboardName": "another"},
    ),
)
