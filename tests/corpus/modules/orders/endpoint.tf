resource "aws_security_group" "endpoint" {
  name_prefix = "orders-endpoint-"
  description = "execute-api endpoint"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "callers" {
  for_each = var.callers

  security_group_id = aws_security_group.endpoint.id
  description       = "load balancer node ${each.key}"
  cidr_ipv4         = "${each.value}/32"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_endpoint" "execute_api" {
  vpc_id              = var.vpc_id
  service_name        = "com.amazonaws.${var.region}.execute-api"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = false
  security_group_ids  = [aws_security_group.endpoint.id]
  subnet_ids          = values(var.subnet_ids)

  dynamic "subnet_configuration" {
    for_each = var.addresses

    content {
      subnet_id = var.subnet_ids[subnet_configuration.key]
      ipv4      = subnet_configuration.value
    }
  }
}

resource "aws_vpc_endpoint_policy" "execute_api" {
  vpc_endpoint_id = aws_vpc_endpoint.execute_api.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OnlyOrders"
        Effect    = "Allow"
        Principal = "*"
        Action    = "execute-api:Invoke"
        Resource  = "${aws_api_gateway_rest_api.this.execution_arn}/*"
      },
    ]
  })
}
