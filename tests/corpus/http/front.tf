resource "aws_apigatewayv2_vpc_link" "apis" {
  name               = "apis"
  subnet_ids         = values(aws_subnet.front)[*].id
  security_group_ids = [aws_security_group.this["link"].id]

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_apigatewayv2_api" "shop" {
  name          = "shop"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_authorizer" "customers" {
  api_id           = aws_apigatewayv2_api.shop.id
  name             = "customers"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    issuer   = "https://id.example.com/"
    audience = ["shop"]
  }
}

resource "aws_apigatewayv2_integration" "service" {
  for_each = local.services

  api_id             = aws_apigatewayv2_api.shop.id
  integration_type   = "HTTP_PROXY"
  integration_method = "ANY"
  connection_type    = "VPC_LINK"
  connection_id      = aws_apigatewayv2_vpc_link.apis.id
  integration_uri    = aws_lb_listener.apis.arn

  tls_config {
    server_name_to_verify = "${aws_api_gateway_rest_api.service[each.key].id}.execute-api.${local.region}.amazonaws.com"
  }

  request_parameters = {
    "overwrite:header.x-apigw-api-id" = aws_api_gateway_rest_api.service[each.key].id
    "overwrite:path"                  = "/${each.value.stage}/items"
  }
}

resource "aws_apigatewayv2_route" "service" {
  for_each = local.services

  api_id               = aws_apigatewayv2_api.shop.id
  route_key            = "GET ${each.value.path}"
  target               = "integrations/${aws_apigatewayv2_integration.service[each.key].id}"
  authorization_type   = "JWT"
  authorizer_id        = aws_apigatewayv2_authorizer.customers.id
  authorization_scopes = each.value.scopes
}

resource "aws_apigatewayv2_stage" "live" {
  api_id      = aws_apigatewayv2_api.shop.id
  name        = "live"
  auto_deploy = true

  default_route_settings {
    throttling_rate_limit  = 100
    throttling_burst_limit = 200
  }
}
