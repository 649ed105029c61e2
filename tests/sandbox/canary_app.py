"""A CDKTF app with one public API, which tests deploy.

Run as `python -m tests.sandbox.canary_app OUTDIR BODY [PERCENT]`: `GET /test` answers the body, as a canary
if there is a share.
"""

import sys

from constructs_lib.bindings import load_on_demand

# Before anything imports cdktf, so that only the bindings that are used are loaded.
load_on_demand()

from cdktf import App, LocalBackend, TerraformOutput, TerraformStack  # noqa: E402 - see load_on_demand
from cdktf_cdktf_provider_aws.provider import AwsProvider  # noqa: E402 - see load_on_demand

from constructs_lib.mock_route import MockRoute, MockRouteProps  # noqa: E402 - see load_on_demand
from constructs_lib.public_rest_api import PublicRestApi, PublicRestApiProps, PublicStage  # noqa: E402 - see load_on_demand


class Door(TerraformStack):
    """One method on one API."""

    def __init__(self, app: App, body: str, percent: int | None) -> None:
        super().__init__(app, "door")
        # The bindings pin the one version they were generated from.
        self.add_override("terraform.required_providers.aws.version", ">= 5.100.0, < 7.0.0")
        LocalBackend(self, path="door.tfstate")
        provider = AwsProvider(self, "Aws", region="eu-west-1", alias="edge")
        api = PublicRestApi(
            self,
            "public",
            PublicRestApiProps(provider=provider, name="door", requires_parameters=False),
        )
        answer = MockRouteProps(
            provider=provider,
            rest_api_id=api.rest_api_id,
            resource_id=api.resources.resource_id("/test"),
            http_method="GET",
            status=200,
            body=body,
        )
        route = MockRoute(self, "test", answer)
        api.deploy(PublicStage(name="live", canary_percent=percent), route.definition, [])
        TerraformOutput(self, "rest_api_id", static_id=True, value=api.rest_api_id)


def main(outdir: str, body: str, percent: str | None = None) -> None:
    """Synthesize the app."""
    app = App(outdir=outdir)
    Door(app, body, None if percent is None else int(percent))
    app.synth()


if __name__ == "__main__":
    main(*sys.argv[1:])
