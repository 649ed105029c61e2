"""The front proxy, over real sockets."""

import concurrent.futures
import http.client
import socket
import ssl
import time

import pytest
import urllib3
from botocore.exceptions import ClientError

from hatchway.sandbox import Sandbox

STS = "sts.eu-west-1.amazonaws.com"


def said(sandbox, text):
    """Sends bytes to the front and returns all it answers."""
    with socket.create_connection(("127.0.0.1", sandbox.server.port), timeout=10) as connection:
        connection.sendall(text.encode())
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode()


def tunnel(sandbox, hostname):
    context = ssl.create_default_context(cafile=str(sandbox.ca_file))
    connection = http.client.HTTPSConnection("127.0.0.1", sandbox.server.port, context=context, timeout=10)
    connection.set_tunnel(hostname, 443)
    return connection


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    started = Sandbox.start(tmp_path_factory.mktemp("front") / "sandbox", follow_parent=True)
    yield started
    started.stop()


@pytest.mark.parametrize(
    "target",
    [
        "registry.terraform.io:443",
        "127.0.0.1:22",
        "ec2.eu-west-1.amazonaws.com:80",
        "vpce-1.execute-api.eu-west-1.vpce.amazonaws.com:443",
        "nonsense",
    ],
)
def test_anything_but_aws_names_on_443_is_refused_in_a_sentence(sandbox, target):
    answer = said(sandbox, f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n")
    assert answer.startswith("HTTP/1.1 403 ")
    assert f"not for {target}." in answer


def test_a_plain_request_is_refused_in_a_sentence(sandbox):
    answer = said(sandbox, "GET http://ec2.eu-west-1.amazonaws.com/ HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.startswith("HTTP/1.1 403 ")
    assert "it takes CONNECT to AWS names" in answer


def test_the_certificate_is_for_the_name_that_was_asked_for(sandbox):
    connection = tunnel(sandbox, STS)
    connection.connect()
    names = connection.sock.getpeercert()["subjectAltName"]
    connection.close()
    assert names == (("DNS", STS),)


def test_a_client_that_does_not_trust_the_sandbox_is_not_served(sandbox):
    with (
        urllib3.ProxyManager(sandbox.proxy_url) as client,
        pytest.raises(urllib3.exceptions.MaxRetryError) as error,
    ):
        client.request("GET", f"https://{STS}/", retries=0)
    assert "CERTIFICATE_VERIFY_FAILED" in str(error.value)


def test_a_connection_carries_many_calls(sandbox):
    connection = tunnel(sandbox, STS)
    body = "Action=GetCallerIdentity&Version=2011-06-15"
    for _ in range(5):
        connection.request("POST", "/", body, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        assert (answer.status, b"<Account>" in answer.read()) == (200, True)
    connection.close()


def test_a_chunked_body_arrives_whole(sandbox):
    s3 = sandbox.session(region="us-east-1").client("s3")
    s3.create_bucket(Bucket="chunks")
    connection = tunnel(sandbox, "chunks.s3.us-east-1.amazonaws.com")
    chunks = [b"a" * 70000, b"b" * 3]
    connection.request("PUT", "/key", iter(chunks), {"Expect": "100-continue"}, encode_chunked=True)
    assert connection.getresponse().read() == b""
    connection.close()
    assert s3.get_object(Bucket="chunks", Key="key")["Body"].read() == b"".join(chunks)


def test_a_head_answer_has_the_length_and_no_body(sandbox):
    s3 = sandbox.session(region="us-east-1").client("s3")
    s3.create_bucket(Bucket="heads")
    s3.put_object(Bucket="heads", Key="key", Body=b"12345")
    assert s3.head_object(Bucket="heads", Key="key")["ContentLength"] == 5
    assert s3.get_object(Bucket="heads", Key="key")["Body"].read() == b"12345"


def test_a_chunk_that_is_not_one_ends_the_connection_with_a_400(sandbox):
    connection = tunnel(sandbox, STS)
    connection.connect()
    connection.sock.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
    assert connection.sock.recv(100).startswith(b"HTTP/1.1 400")
    connection.close()


def test_a_call_that_the_sandbox_lacks_fails_at_once_and_by_name(sandbox):
    started = time.monotonic()
    with pytest.raises(ClientError, match="The sandbox does not have ec2 CreateNetworkInsightsPath") as error:
        sandbox.session(region="eu-west-1").client("ec2").create_network_insights_path(
            Source="i-1", Protocol="tcp"
        )
    assert error.value.response["ResponseMetadata"]["RetryAttempts"] == 0
    assert time.monotonic() - started < 20


def test_half_open_connections_keep_nobody_waiting(sandbox):
    idle = [socket.create_connection(("127.0.0.1", sandbox.server.port)) for _ in range(50)]
    for index, connection in enumerate(idle):
        if index % 2:
            connection.sendall(f"CONNECT {STS}:443 HTTP/1.1\r\n".encode())
    started = time.monotonic()
    assert sandbox.session(region="eu-west-1").client("sts").get_caller_identity()["Account"]
    assert time.monotonic() - started < 20
    for connection in idle:
        connection.close()


def test_many_connections_are_served_at_once(sandbox):
    def identity(_):
        connection = tunnel(sandbox, STS)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/", "Action=GetCallerIdentity&Version=2011-06-15", headers)
        status = connection.getresponse().status
        connection.close()
        return status

    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        assert set(pool.map(identity, range(64))) == {200}


def test_an_api_that_is_not_deployed_is_answered_by_the_data_plane(sandbox):
    with urllib3.ProxyManager(sandbox.proxy_url, ca_certs=str(sandbox.ca_file)) as client:
        answer = client.request(
            "GET", "https://nosuchapi1.execute-api.eu-west-1.amazonaws.com/live/", retries=False
        )
    assert (answer.status, answer.json()) == (403, {"message": "Forbidden"})


def test_stopping_ends_open_connections(tmp_path):
    started = Sandbox.start(tmp_path / "sandbox", follow_parent=True)
    connection = tunnel(started, STS)
    connection.connect()
    before = time.monotonic()
    started.stop()
    assert time.monotonic() - before < 10
    assert connection.sock.recv(10) == b""
    connection.close()
