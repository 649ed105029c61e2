resource "aws_api_gateway_rest_api" "service" {
  for_each = local.services
  provider = aws.apis

  name = each.key

  endpoint_configuration {
    types            = ["PRIVATE"]
    vpc_endpoint_ids = [aws_vpc_endpoint.apis.id]
  }
}

resource "aws_api_gateway_rest_api_policy" "service" {
  for_each = local.services
  provider = aws.apis

  rest_api_id = aws_api_gateway_rest_api.service[each.key].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = "*"
        Action    = "execute-api:Invoke"
        Resource  = "${aws_api_gateway_rest_api.service[each.key].execution_arn}/*"
      },
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "execute-api:Invoke"
        Resource  = "${aws_api_gateway_rest_api.service[each.key].execution_arn}/*"
        Condition = { StringNotEquals = { "aws:SourceVpce" = aws_vpc_endpoint.apis.id } }
      },
    ]
  })
}

resource "aws_api_gateway_resource" "items" {
  for_each = local.services
  provider = aws.apis

  rest_api_id = aws_api_gateway_rest_api.service[each.key].id
  parent_id   = aws_api_gateway_rest_api.service[each.key].root_resource_id
  path_part   = "items"
}

resource "aws_api_gateway_method" "items" {
  for_each = local.services
  provider = aws.apis

  rest_api_id   = aws_api_gateway_rest_api.service[each.key].id
  resource_id   = aws_api_gateway_resource.items[each.key].id
  http_method   = "GET"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "items" {
  for_each = local.services
  provider = aws.apis

  rest_api_id             = aws_api_gateway_rest_api.service[each.key].id
  resource_id             = aws_api_gateway_resource.items[each.key].id
  http_method             = aws_api_gateway_method.items[each.key].http_method
  type                    = "HTTP_PROXY"
  integration_http_method = "GET"
  uri                     = "https://${each.key}.example.com/items"
}

resource "aws_api_gateway_deployment" "service" {
  for_each = local.services
  provider = aws.apis

  rest_api_id = aws_api_gateway_rest_api.service[each.key].id

  triggers = {
    redeployment = sha1(jsonencode([
      aws_api_gateway_rest_api_policy.service[each.key].policy,
      aws_api_gateway_resource.items[each.key].path_part,
      aws_api_gateway_method.items[each.key].http_method,
      aws_api_gateway_method.items[each.key].authorization,
      aws_api_gateway_integration.items[each.key].uri,
    ]))
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "service" {
  for_each = local.services
  provider = aws.apis

  rest_api_id   = aws_api_gateway_rest_api.service[each.key].id
  deployment_id = aws_api_gateway_deployment.service[each.key].id
  stage_name    = each.value.stage
}
