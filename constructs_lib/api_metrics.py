"""The metrics that API Gateway writes, under the names each kind of API gives them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from constructs_lib.alarm import Metric

NAMESPACE = "AWS/ApiGateway"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiMetrics:
    """Where the metrics of a stage are found."""

    dimensions: Mapping[str, str]
    client_errors: str
    server_errors: str

    @classmethod
    def of_rest_api(cls, name: str, stage_name: str) -> Self:
        """Those of a stage of a REST API, which are kept under the API's name.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
        """
        dimensions = {"ApiName": name, "Stage": stage_name}
        return cls(dimensions=dimensions, client_errors="4XXError", server_errors="5XXError")

    @classmethod
    def of_http_api(cls, api_id: str, stage_name: str) -> Self:
        """Those of a stage of an HTTP API, which are kept under the API's id.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
        """
        dimensions = {"ApiId": api_id, "Stage": stage_name}
        return cls(dimensions=dimensions, client_errors="4xx", server_errors="5xx")

    def requests(self) -> Metric:
        """How many there were."""
        return self._metric("Count", "Sum")

    def server_error_rate(self) -> Metric:
        """Share of requests answered with 5XX, from 0 to 1."""
        return self._metric(self.server_errors, "Average")

    def client_error_rate(self) -> Metric:
        """Share of requests answered with 4XX, from 0 to 1."""
        return self._metric(self.client_errors, "Average")

    def latency(self, statistic: str) -> Metric:
        """Milliseconds from request to answer."""
        return self._metric("Latency", statistic)

    def integration_latency(self, statistic: str) -> Metric:
        """Milliseconds spent waiting for the private API."""
        return self._metric("IntegrationLatency", statistic)

    def _metric(self, name: str, statistic: str) -> Metric:
        return Metric(namespace=NAMESPACE, name=name, dimensions=self.dimensions, statistic=statistic)
