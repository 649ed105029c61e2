"""Rules about what stands behind a private API: its functions, web servers and documents."""

import re
from collections.abc import Iterator

from hatchway.topology.function_rules import folder_fits
from hatchway.topology.model import ApiRoute, FunctionToCreate, Topology
from hatchway.topology.open_routes import resources
from hatchway.topology.openapi import openapi_problems, private_routes
from hatchway.topology.problems import KeyPath, Misfit, TopologyError, spell
from hatchway.topology.quota_rules import RESOURCES
from hatchway.topology.shapes import usable

_VARIABLE = re.compile(r"\{([^{}+]+)\+?\}")
_ARN_REGION, _ARN_ACCOUNT = 3, 4


def function_folders_are_usable(topology: Topology, name: str) -> Iterator[Misfit]:
    """A folder of sources is there, has what the runtime starts, and is small enough to be uploaded."""
    for path, created in _created(topology, name):
        yield from folder_fits(topology.directory, created, path)


def functions_of_one_place_are_one(topology: Topology, name: str) -> Iterator[Misfit]:
    """Routes that start the same code at the same place share the function, with its settings."""
    first: dict[tuple[str, str], tuple[KeyPath, FunctionToCreate]] = {}
    for path, created in _created(topology, name):
        key = usable(created, lambda it: (it.directory, it.handler))
        if key is None:
            continue
        place, declared = first.setdefault(key, (path, created))
        if declared != created:
            yield Misfit(
                path=path,
                message=f"differs from {spell(place)}, which is the same function",
                got=f"{key[0]}, {key[1]}",
                fix="Write the same settings in both, or give each function a folder or handler of its own.",
            )


def existing_functions_are_the_services(topology: Topology, name: str) -> Iterator[Misfit]:
    """Hatchway lets the API invoke a function, which only works in the function's account and region."""
    service = topology.services[name]
    account = topology.accounts.get(service.account)
    for index, route in _routes(topology, name):
        arn = usable(route, lambda it: None if it.lambda_ is None else it.lambda_.existing)
        if arn is None or account is None:
            continue
        parts = arn.split(":")
        if (parts[_ARN_ACCOUNT], parts[_ARN_REGION]) != (account.id, account.region):
            yield Misfit(
                path=("services", name, "api", "routes", index, "lambda", "existing"),
                message=f"is not in the service's account ({account.id}, {account.region})",
                got=arn,
                fix="Name a function of that account, or let one there call it.",
            )


def url_variables_are_the_paths(topology: Topology, name: str) -> Iterator[Misfit]:
    """A variable in a backend's URL takes the value of the path's variable of that name.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping.html
    """
    for index, route in _routes(topology, name):
        url = usable(route, lambda it: None if it.http is None else it.http.url)
        path = usable(route, lambda it: it.path)
        if url is None or path is None:
            continue
        known = _VARIABLE.findall(path)
        for variable in _VARIABLE.findall(url):
            if variable not in known:
                yield Misfit(
                    path=("services", name, "api", "routes", index, "http", "url"),
                    message=f"has {{{variable}}}, and the route's path ('{path}') has no such variable",
                    got=url,
                    fix=f"Variables of the path: {', '.join(known)}." if known else "Add it to the path.",
                )


def api_has_few_enough_resources(topology: Topology, name: str) -> Iterator[Misfit]:
    """Each distinct start of a path is a resource of the private API.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
    """
    api = topology.services[name].api
    try:
        declared = private_routes(api, topology.directory) or ()
    except TopologyError:
        return
    needed = len(resources(route.path for route in declared))
    allowed = topology.gateway.raised_quotas.get("resources", RESOURCES)
    if needed > allowed:
        yield Misfit(
            path=("services", name, "api", "routes" if api.openapi is None else "openapi"),
            message=f"needs {needed} resources, and the quota of an API is {allowed}",
            fix="Put several paths behind one {proxy+}, divide the API into two services, or have AWS raise "
            "the quota and write the new one under gateway.raised_quotas.resources.",
        )


def openapi_documents_are_usable(topology: Topology, name: str) -> Iterator[Misfit]:
    """A document can be imported: what API Gateway would refuse is found with its line."""
    api = topology.services[name].api
    document = api.openapi
    if document is None:
        return
    place = ("services", name, "api", "openapi")
    try:
        for line, misfit in openapi_problems(topology.directory / document):
            where = f"{document}, line {line}: {spell(misfit.path)}"
            yield Misfit(
                path=place,
                message=f"cannot be used: {where} {misfit.message}",
                got=misfit.got,
                fix=misfit.fix,
            )
    except TopologyError as error:
        for problem in error.problems:
            where = document if problem.line is None else f"{document}, line {problem.line}:"
            yield Misfit(path=place, message=f"cannot be used: {where} {problem.message}", fix=problem.fix)


def _routes(topology: Topology, name: str) -> Iterator[tuple[int, ApiRoute]]:
    yield from enumerate(topology.services[name].api.declared_routes)


def _created(topology: Topology, name: str) -> Iterator[tuple[KeyPath, FunctionToCreate]]:
    for index, route in _routes(topology, name):
        created = usable(route, lambda it: None if it.lambda_ is None else it.lambda_.create)
        if created is not None:
            yield ("services", name, "api", "routes", index, "lambda", "create"), created
