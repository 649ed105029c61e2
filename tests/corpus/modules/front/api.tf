locals {
  host = "${var.private_api.id}.execute-api.${var.region}.amazonaws.com"
}

resource "aws_api_gateway_rest_api" "public" {
  name = "front"

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_resource" "proxy" {
  rest_api_id = aws_api_gateway_rest_api.public.id
  parent_id   = aws_api_gateway_rest_api.public.root_resource_id
  path_part   = "{proxy+}"
}

resource "aws_api_gateway_method" "proxy" {
  rest_api_id   = aws_api_gateway_rest_api.public.id
  resource_id   = aws_api_gateway_resource.proxy.id
  http_method   = "ANY"
  authorization = "CUSTOM"
  authorizer_id = aws_api_gateway_authorizer.token.id

  request_parameters = {
    "method.request.path.proxy" = true
  }
}

resource "aws_api_gateway_integration" "proxy" {
  rest_api_id             = aws_api_gateway_rest_api.public.id
  resource_id             = aws_api_gateway_resource.proxy.id
  http_method             = aws_api_gateway_method.proxy.http_method
  type                    = "HTTP_PROXY"
  integration_http_method = "ANY"
  connection_type         = "VPC_LINK"
  connection_id           = aws_api_gateway_vpc_link.this.id
  uri                     = "https://${local.host}/${var.private_api.stage}/{proxy}"

  request_parameters = {
    "integration.request.path.proxy"            = "method.request.path.proxy"
    "integration.request.header.x-apigw-api-id" = "'${var.private_api.id}'"
  }
}

resource "aws_api_gateway_deployment" "public" {
  rest_api_id = aws_api_gateway_rest_api.public.id

  triggers = {
    redeployment = sha1(jsonencode([
      aws_api_gateway_resource.proxy.path_part,
      aws_api_gateway_method.proxy.authorization,
      aws_api_gateway_method.proxy.authorizer_id,
      aws_api_gateway_integration.proxy.uri,
      aws_api_gateway_integration.proxy.connection_id,
      aws_api_gateway_integration.proxy.request_parameters,
      aws_api_gateway_authorizer.token.authorizer_uri,
    ]))
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "public" {
  rest_api_id   = aws_api_gateway_rest_api.public.id
  deployment_id = aws_api_gateway_deployment.public.id
  stage_name    = "v1"
}
