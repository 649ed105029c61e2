resource "aws_api_gateway_vpc_link" "nlb" {
  name        = "to-the-producer"
  target_arns = [aws_lb.nlb.arn]
}

resource "aws_cognito_user_pool" "clients" {
  name = "clients"
}

resource "aws_api_gateway_rest_api" "consumer" {
  name = "consumer-api"

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_authorizer" "cognito" {
  name            = "cognito"
  rest_api_id     = aws_api_gateway_rest_api.consumer.id
  type            = "COGNITO_USER_POOLS"
  provider_arns   = [aws_cognito_user_pool.clients.arn]
  identity_source = "method.request.header.Authorization"
}

resource "aws_api_gateway_resource" "greeting" {
  rest_api_id = aws_api_gateway_rest_api.consumer.id
  parent_id   = aws_api_gateway_rest_api.consumer.root_resource_id
  path_part   = "greeting"
}

resource "aws_api_gateway_method" "greeting" {
  rest_api_id   = aws_api_gateway_rest_api.consumer.id
  resource_id   = aws_api_gateway_resource.greeting.id
  http_method   = "GET"
  authorization = "COGNITO_USER_POOLS"
  authorizer_id = aws_api_gateway_authorizer.cognito.id
}

resource "aws_api_gateway_integration" "greeting" {
  rest_api_id             = aws_api_gateway_rest_api.consumer.id
  resource_id             = aws_api_gateway_resource.greeting.id
  http_method             = aws_api_gateway_method.greeting.http_method
  type                    = "HTTP_PROXY"
  integration_http_method = "GET"
  connection_type         = "VPC_LINK"
  connection_id           = aws_api_gateway_vpc_link.nlb.id

  uri = format(
    "https://%s-%s.execute-api.%s.amazonaws.com/%s/hello",
    aws_api_gateway_rest_api.producer.id,
    aws_vpc_endpoint.api.id,
    data.aws_region.current.name,
    aws_api_gateway_stage.producer.stage_name,
  )
}

resource "aws_api_gateway_deployment" "consumer" {
  rest_api_id = aws_api_gateway_rest_api.consumer.id

  triggers = {
    redeployment = sha1(jsonencode([
      aws_api_gateway_resource.greeting.id,
      aws_api_gateway_method.greeting.id,
      aws_api_gateway_method.greeting.authorizer_id,
      aws_api_gateway_integration.greeting.id,
      aws_api_gateway_integration.greeting.uri,
    ]))
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "consumer" {
  rest_api_id   = aws_api_gateway_rest_api.consumer.id
  deployment_id = aws_api_gateway_deployment.consumer.id
  stage_name    = "prod"
}
