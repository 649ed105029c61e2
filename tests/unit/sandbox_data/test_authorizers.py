"""Lambda authorizers: real functions in processes of their own, and every way in which they fail."""

import io
import textwrap
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hatchway.sandbox.data.authorizer_events import Call
from hatchway.sandbox.data.authorizers import Authorizers, Grant
from hatchway.sandbox.data.function_calls import FunctionCalls
from hatchway.sandbox.data.functions import Functions
from hatchway.sandbox.data.gateway_responses import GatewayError
from hatchway.sandbox.data.mapping import Source
from hatchway.sandbox.data.message import Request
from hatchway.sandbox.data.world import Authorizer, Function

API_ARN = "arn:aws:execute-api:eu-west-1:111111111111:public0001"
METHOD_ARN = f"{API_ARN}/live/GET/test"
FUNCTION_ARN = "arn:aws:lambda:eu-west-1:111111111111:function:authorizer"
ALLOW = """
    import os

    count = 0

    def handler(event, context):
        global count
        count += 1
        statement = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}
        seen = {"count": count, "process": os.getpid(), "key": os.environ["AWS_ACCESS_KEY_ID"]}
        seen |= {"kind": event["type"], "method": event["methodArn"], "isolated": os.environ.get("CANARY")}
        return {
            "principalId": "caller",
            "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
            "context": {name: value for name, value in seen.items() if value is not None},
        }
"""

Ask = Callable[..., Grant]


def zipped(code: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("main.py", textwrap.dedent(code))
    return buffer.getvalue()


def function(code: str, **changes: Any) -> Function:
    permission = {
        "Effect": "Allow",
        "Principal": {"Service": "apigateway.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": FUNCTION_ARN,
        "Condition": {"ArnLike": {"AWS:SourceArn": f"{API_ARN}/authorizers/auth01"}},
    }
    made = Function(
        arn=FUNCTION_ARN,
        account_id="111111111111",
        region="eu-west-1",
        name="authorizer",
        role="arn:aws:iam::111111111111:role/authorizer",
        handler="main.handler",
        runtime="python3.12",
        timeout_seconds=1,
        memory_megabytes=128,
        environment={},
        code=zipped(code),
        digest=str(hash(code)),
        policy={"Statement": [permission]},
    )
    return replace(made, **changes)


def call(token: str | None = "one", deployment: str = "d1") -> Call:  # noqa: S107 - made up
    headers = (("Authorization", token),) if token is not None else ()
    source = Source(
        request=Request(method="GET", path="/test", headers=headers),
        path_parameters={"proxy": "test"},
        stage_variables={},
        context={"stage": "live", "apiId": "public0001"},
    )
    return Call(
        source=source,
        api_arn=API_ARN,
        method_arn=METHOD_ARN,
        account_id="111111111111",
        resource_path="/{proxy+}",
        request_id="r1",
        deployment_id=deployment,
    )


@pytest.fixture
def now() -> list[float]:
    return [1000.0]


@pytest.fixture
def ask(world: Any, authorizer: Authorizer, tmp_path: Path, now: list[float]) -> Iterator[Ask]:
    functions = Functions(tmp_path, dict, world.role_credentials)
    authorizers = Authorizers(FunctionCalls(world, functions), clock=lambda: now[0])

    def asked(code: str = ALLOW, request: Call | None = None, **changes: Any) -> Grant:
        fields = {key: changes.pop(key) for key in list(changes) if key in Authorizer.__slots__}
        world.functions[FUNCTION_ARN] = function(code, **changes)
        return authorizers.ask(replace(authorizer, **fields), request or call())

    yield asked
    functions.stop()


def refused(ask: Ask, *args: Any, **kwargs: Any) -> tuple[int, str]:
    with pytest.raises(GatewayError) as caught:
        ask(*args, **kwargs)
    return caught.value.kind.status, caught.value.reason


def test_the_handler_gets_the_event_the_role_and_nothing_else(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANARY", "the sandbox's own environment")
    grant = ask()
    assert grant.principal_id == "caller"
    assert grant.context["kind"] == "REQUEST"
    assert grant.context["method"] == METHOD_ARN
    assert grant.context["key"] == "arn:aws:iam::111111111111:role/authorizer"
    assert "isolated" not in grant.context


def test_a_token_authorizer_gets_the_token_alone(ask: Ask) -> None:
    assert ask(type="TOKEN").context["kind"] == "TOKEN"


def test_an_answer_is_remembered_by_identity_for_its_time(ask: Ask, now: list[float]) -> None:
    assert ask().context["count"] == "1"
    assert ask().from_cache
    assert not ask(request=call("Bearer two")).from_cache
    now[0] += 301
    grant = ask()
    assert not grant.from_cache
    assert grant.context["count"] == "3", "the process was not kept warm"


def test_a_new_deployment_asks_again(ask: Ask) -> None:
    ask()
    assert not ask(request=call(deployment="d2")).from_cache


def test_without_a_ttl_every_request_asks(ask: Ask) -> None:
    assert [ask(result_ttl_seconds=0).context["count"] for _ in range(2)] == ["1", "2"]


@pytest.mark.parametrize("token", [None, ""])
def test_a_missing_identity_is_unauthorized_without_asking(ask: Ask, token: str | None) -> None:
    status, reason = refused(ask, "import nothing_like_this", request=call(token))
    assert (status, "is missing" in reason) == (401, True)


def test_unauthorized_is_what_the_handler_says(ask: Ask) -> None:
    assert refused(ask, "def handler(event, context):\n    raise Exception('Unauthorized')")[0] == 401


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("def handler(event, context):\n    raise KeyError('x')", "KeyError"),
        ("import nothing_like_this", "ModuleNotFoundError"),
        ("other = 1", "AttributeError"),
        ("def handler(event, context):\n    import os; os._exit(3)", "ended with 3"),
        ("def handler(event, context):\n    return None", "is not an object"),
        ("def handler(event, context):\n    return {'principalId': 'x'}", "no policyDocument"),
        (ALLOW.replace('"caller"', "None"), "no principalId"),
        (ALLOW.replace('"count": count', '"count": [1]'), "more than plain values"),
        ("def handler(event, context):\n    return {1, 2}", "TypeError"),
    ],
)
def test_a_function_that_does_not_work_is_a_configuration_error(ask: Ask, code: str, why: str) -> None:
    status, reason = refused(ask, code)
    assert status == 500
    assert why in reason


def test_after_a_failure_the_next_call_is_answered(ask: Ask) -> None:
    code = ALLOW.replace("count += 1", "count += 1\n        if 'bad' in str(event): raise ValueError('bad')")
    assert refused(ask, code, request=call("Bearer bad"))[0] == 500
    assert ask(code).principal_id == "caller"


def test_a_handler_over_its_time_limit_is_killed(ask: Ask, tmp_path: Path) -> None:
    hanging = f"""
        import os, pathlib, time

        def handler(event, context):
            pathlib.Path({str(tmp_path / "pid")!r}).write_text(str(os.getpid()))
            time.sleep(600)
    """
    status, reason = refused(ask, hanging, timeout_seconds=0.2)
    assert (status, "no answer in" in reason) == (500, True)
    pid = int((tmp_path / "pid").read_text())
    assert not Path(f"/proc/{pid}").exists()


def test_what_a_handler_prints_does_not_become_its_answer(ask: Ask, tmp_path: Path) -> None:
    printing = ALLOW.replace("count += 1", "count += 1; print('not the answer')")
    assert ask(printing).principal_id == "caller"
    logs = "".join(path.read_text() for path in tmp_path.glob("functions/*.log"))
    assert "not the answer" in logs


def test_without_permission_for_this_authorizer_nothing_is_asked(ask: Ask) -> None:
    status, reason = refused(ask, policy=None)
    assert (status, "no permission" in reason) == (500, True)
    status, reason = refused(ask, id="auth02")
    assert (status, "no permission" in reason) == (500, True)


def test_a_function_that_is_gone_is_a_configuration_error(ask: Ask) -> None:
    missing = FUNCTION_ARN.replace("authorizer", "gone")
    uri = f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{missing}/invocations"
    assert refused(ask, uri=uri)[0] == 500


def test_another_runtime_is_refused_by_name(ask: Ask) -> None:
    assert "not nodejs22.x" in refused(ask, runtime="nodejs22.x")[1]


def test_new_code_gets_a_new_process(ask: Ask) -> None:
    first = ask(result_ttl_seconds=0).context["process"]
    second = ask(ALLOW + "\n    # changed\n", result_ttl_seconds=0).context["process"]
    assert first != second
