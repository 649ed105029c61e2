"""boto3 in every account: credentials, clients, one read at a time. The only file here that talks to AWS."""

# ruff: noqa: PLC0415 -- boto3 takes half a second to import, and not every verification reads facts

import json
import threading
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from hatchway.verify.aws.answers import Refusal
from hatchway.verify.aws.reads import V2, Request
from hatchway.verify.aws.refusing import WrongAccountError, no_session, refused, role_of, unanswered
from hatchway.verify.session_trouble import SessionError, asking_aws

if TYPE_CHECKING:
    from hatchway.topology.model import Account

__all__ = ["CONNECTIONS", "AwsReader"]

CONNECTIONS = 16
_CONNECT_SECONDS = 5
_READ_SECONDS = 15
_MAXIMUM_ITEMS = 20_000
_MAXIMUM_BYTES = 16 * 1024 * 1024


class AwsReader:
    """Reads with the credentials of the environment, through the role that an account has.

    Every call is one that only reads. botocore's standard mode repeats what was throttled or broke off, up
    to three times, after pauses with jitter; its adaptive mode would slow all calls down for one.
    https://boto3.amazonaws.com/v1/documentation/api/latest/guide/retries.html

    Args:
        accounts: The accounts of the topology, by name.
        deadline: When to give up on whatever is not read by then, on the clock.
        clock: Tells the time.
        prepare: Takes each client when it is made, with the name of its account.
        profiles: By account, the profile of the AWS configuration to begin with, in place of the
            credentials of the environment.
    """

    def __init__(
        self,
        accounts: Mapping[str, "Account"],
        deadline: float = 60,
        clock: Callable[[], float] = time.monotonic,
        prepare: Callable[[str, Any], object] = lambda _account, _client: None,
        profiles: Mapping[str, str] | None = None,
    ) -> None:
        self._accounts = accounts
        self._clock = clock
        self._deadline = clock() + deadline
        self._sessions = {
            name: _AccountSession(name, one, prepare, (profiles or {}).get(name))
            for name, one in accounts.items()
        }

    def read(self, request: Request, /) -> Any:  # noqa: ANN401 -- JSON as AWS answers it
        """Return what AWS answered, None where there is no such thing, else a `Refusal`."""
        from botocore.exceptions import ClientError

        if self._clock() > self._deadline:
            return Refusal(request=request, reason="there was no time left to read it", fix="Try again.")
        account = self._accounts[request.account]
        try:
            with asking_aws():
                client = self._sessions[request.account].client(request.read.service)
        except (SessionError, ClientError, WrongAccountError) as error:
            return no_session(request, account, error)
        try:
            return _answered(client, request)
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            return None if code in request.read.absent else refused(request, account, code)
        except Exception as error:
            answer = unanswered(request, error)
            if answer is None:
                raise
            return answer


class _AccountSession:
    """The session of one account, made when it is first needed."""

    def __init__(
        self, name: str, account: "Account", prepare: Callable[[str, Any], object], profile: str | None
    ) -> None:
        self._name = name
        self._account = account
        self._profile = profile
        self._prepare = prepare
        self._lock = threading.Lock()
        self._session: Any = None
        self._failure: Exception | None = None
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:  # noqa: ANN401 -- botocore publishes no types
        """Return a client; sessions are not safe between threads, clients are."""
        with self._lock:
            if self._failure is not None:
                raise self._failure
            if self._session is None:
                try:
                    self._session = self._opened()
                except Exception as error:
                    self._failure = error
                    raise
            if service not in self._clients:
                self._clients[service] = self._made(self._session, service)
            return self._clients[service]

    def _made(self, session: Any, service: str) -> Any:  # noqa: ANN401 -- botocore publishes no types
        client = session.client(service, config=_config())
        self._prepare(self._name, client)
        return client

    def _opened(self) -> Any:  # noqa: ANN401 -- botocore publishes no types
        ambient = _session(self._account.region, profile_name=self._profile)
        sts = self._made(ambient, "sts")
        role = role_of(self._account)
        if role is None:
            found = sts.get_caller_identity()["Account"]
            if found != self._account.id:
                raise WrongAccountError(found)
            return ambient
        external = {} if self._account.external_id is None else {"ExternalId": self._account.external_id}
        given = sts.assume_role(RoleArn=role, RoleSessionName="hatchway-verify", **external)["Credentials"]
        return _session(
            self._account.region,
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
        )


@cache
def _loader() -> Any:  # noqa: ANN401 -- botocore publishes no types
    # EC2's description alone takes longer to load than all calls to it: once, not once per account.
    from botocore.loaders import create_loader

    return create_loader()


def _session(region: str, **credentials: str | None) -> Any:  # noqa: ANN401 -- botocore publishes no types
    import boto3
    import botocore.session

    core: Any = botocore.session.get_session()
    core.register_component("data_loader", _loader())
    return boto3.Session(botocore_session=core, region_name=region, **credentials)


def _config() -> Any:  # noqa: ANN401 -- botocore publishes no types
    from botocore.config import Config

    retries: Any = {"mode": "standard", "total_max_attempts": 4}
    return Config(
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        retries=retries,
        max_pool_connections=CONNECTIONS,
        user_agent_extra="hatchway-verify",
    )


def _answered(client: Any, request: Request) -> Any:  # noqa: ANN401 -- JSON as AWS answers it
    read = request.read
    about = {**read.always, **{name: _thawed(value) for name, value in request.about}}
    if client.can_paginate(read.method):
        found: list[Any] = []
        for page in client.get_paginator(read.method).paginate(**about):
            found += page.get(read.items) or []
            if page.get("AdditionalRoutesAvailable") and not page.get("NextToken"):
                raise ValueError("more routes than one answer holds")
            if len(found) > _MAXIMUM_ITEMS:
                raise ValueError(f"more than {_MAXIMUM_ITEMS} items")
        return found
    answer = getattr(client, read.method)(**about)
    if request.operation in {"GetExport", f"{V2}ExportApi"}:
        # botocore gives what is the whole body of an answer as a stream, whether the API calls it one or not.
        return json.loads(answer["body"].read(_MAXIMUM_BYTES))
    return (
        answer.get(read.items) if read.items else {k: v for k, v in answer.items() if k != "ResponseMetadata"}
    )


def _thawed(value: Any) -> Any:  # noqa: ANN401 -- arguments of an AWS call
    """Make lists and filters of the tuples that requests are compared by."""
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return [{"Name": name, "Values": list(values)} for name, values in value]
    return list(value) if isinstance(value, tuple) else value
