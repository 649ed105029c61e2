resource "aws_api_gateway_rest_api" "producer" {
  provider = aws.producer

  name   = "producer-api"
  policy = data.aws_iam_policy_document.producer.json

  endpoint_configuration {
    types            = ["PRIVATE"]
    vpc_endpoint_ids = [aws_vpc_endpoint.api.id]
  }
}

data "aws_iam_policy_document" "producer" {
  statement {
    sid       = "AnyoneThroughTheEndpoint"
    effect    = "Allow"
    actions   = ["execute-api:Invoke"]
    resources = ["execute-api:/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceVpce"
      values   = [aws_vpc_endpoint.api.id]
    }
  }
}

resource "aws_api_gateway_resource" "hello" {
  provider = aws.producer

  rest_api_id = aws_api_gateway_rest_api.producer.id
  parent_id   = aws_api_gateway_rest_api.producer.root_resource_id
  path_part   = "hello"
}

resource "aws_api_gateway_method" "hello" {
  provider = aws.producer

  rest_api_id   = aws_api_gateway_rest_api.producer.id
  resource_id   = aws_api_gateway_resource.hello.id
  http_method   = "GET"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "hello" {
  provider = aws.producer

  rest_api_id       = aws_api_gateway_rest_api.producer.id
  resource_id       = aws_api_gateway_resource.hello.id
  http_method       = aws_api_gateway_method.hello.http_method
  type              = "MOCK"
  request_templates = { "application/json" = jsonencode({ statusCode = 200 }) }
}

resource "aws_api_gateway_method_response" "hello" {
  provider = aws.producer

  rest_api_id = aws_api_gateway_rest_api.producer.id
  resource_id = aws_api_gateway_resource.hello.id
  http_method = aws_api_gateway_method.hello.http_method
  status_code = "200"
}

resource "aws_api_gateway_integration_response" "hello" {
  provider = aws.producer

  rest_api_id        = aws_api_gateway_rest_api.producer.id
  resource_id        = aws_api_gateway_resource.hello.id
  http_method        = aws_api_gateway_integration.hello.http_method
  status_code        = aws_api_gateway_method_response.hello.status_code
  response_templates = { "application/json" = jsonencode({ message = "hello" }) }
}

resource "aws_api_gateway_deployment" "producer" {
  provider = aws.producer

  rest_api_id = aws_api_gateway_rest_api.producer.id

  triggers = {
    redeployment = sha1(jsonencode([
      aws_api_gateway_rest_api.producer.policy,
      aws_api_gateway_method.hello,
      aws_api_gateway_integration.hello,
      aws_api_gateway_integration_response.hello,
    ]))
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "producer" {
  provider = aws.producer

  rest_api_id   = aws_api_gateway_rest_api.producer.id
  deployment_id = aws_api_gateway_deployment.producer.id
  stage_name    = "dev"
}
