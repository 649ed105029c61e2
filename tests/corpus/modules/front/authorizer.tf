resource "aws_iam_role" "authorizer" {
  name = "front-authorizer"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } },
    ]
  })
}

resource "aws_lambda_function" "authorizer" {
  function_name = "front-authorizer"
  role          = aws_iam_role.authorizer.arn
  package_type  = "Image"
  image_uri     = "111111111111.dkr.ecr.${var.region}.amazonaws.com/authorizer:1"
}

resource "aws_api_gateway_authorizer" "token" {
  name                             = "token"
  rest_api_id                      = aws_api_gateway_rest_api.public.id
  type                             = "REQUEST"
  authorizer_uri                   = aws_lambda_function.authorizer.invoke_arn
  identity_source                  = "method.request.header.Authorization"
  authorizer_result_ttl_in_seconds = 60
}

resource "aws_lambda_permission" "authorizer" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.authorizer.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.public.execution_arn}/authorizers/${aws_api_gateway_authorizer.token.id}"
}
