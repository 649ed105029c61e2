"""What differs between AWS partitions: China and GovCloud have their own names."""


def partition(region: str) -> str:
    """Partition of a region, as ARNs name it.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
    """
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def execute_api_host(api_id: str, region: str) -> str:
    """Host name of a REST API: its certificate is for this name, also behind a VPC endpoint.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html
    """
    suffix = "amazonaws.com.cn" if partition(region) == "aws-cn" else "amazonaws.com"
    return f"{api_id}.execute-api.{region}.{suffix}"


def execute_api_service_name(region: str) -> str:
    """Name under which a region offers the `execute-api` VPC endpoint.

    https://docs.amazonaws.cn/en_us/aws/latest/userguide/endpoints-Beijing.html
    """
    service = f"com.amazonaws.{region}.execute-api"
    return f"cn.{service}" if partition(region) == "aws-cn" else service
