"""What the role of a Lambda function of Hatchway's says."""

import json


def render_trust() -> str:
    """Renders that Lambda may take the role."""
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        },
        sort_keys=True,
    )


def render_permissions(log_group_arn: str, secret_arn: str | None = None) -> str:
    """Renders that the function may write its own log, and read one secret if there is one."""
    statements: list[dict[str, str | list[str]]] = [
        {"Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": f"{log_group_arn}:*"},
    ]
    if secret_arn is not None:
        statements.insert(0, {"Action": "secretsmanager:GetSecretValue", "Resource": secret_arn})
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", **statement} for statement in statements],
        },
        sort_keys=True,
    )
