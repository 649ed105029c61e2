# Everything in one file, numbered with count, the way a first version grows: peering in place of a transit
# gateway, rules inside the security groups, routes inside the tables, network ACLs, the private API from an
# OpenAPI document, callers signed with IAM, and the endpoint's own DNS name with a header.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100"
    }
  }
}

provider "aws" {
  alias  = "a"
  region = "us-east-1"
}

provider "aws" {
  alias  = "b"
  region = "us-east-1"

  assume_role {
    role_arn = "arn:aws:iam::666666666666:role/deploy"
  }
}

locals {
  zones       = ["us-east-1a", "us-east-1b"]
  a_cidr      = "172.16.0.0/16"
  b_cidr      = "172.17.0.0/16"
  endpoint_ip = [for i in range(2) : cidrhost(cidrsubnet(local.b_cidr, 8, i), 100)]
}

# ---- account A: network

resource "aws_vpc" "a" {
  provider   = aws.a
  cidr_block = local.a_cidr
}

resource "aws_subnet" "a" {
  provider          = aws.a
  count             = length(local.zones)
  vpc_id            = aws_vpc.a.id
  cidr_block        = cidrsubnet(local.a_cidr, 8, count.index)
  availability_zone = local.zones[count.index]
}

resource "aws_route_table" "a" {
  provider = aws.a
  vpc_id   = aws_vpc.a.id

  route {
    cidr_block                = local.b_cidr
    vpc_peering_connection_id = aws_vpc_peering_connection.a_to_b.id
  }
}

resource "aws_route_table_association" "a" {
  provider       = aws.a
  count          = length(local.zones)
  subnet_id      = aws_subnet.a[count.index].id
  route_table_id = aws_route_table.a.id
}

resource "aws_network_acl" "a" {
  provider   = aws.a
  vpc_id     = aws_vpc.a.id
  subnet_ids = aws_subnet.a[*].id

  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    cidr_block = local.b_cidr
    from_port  = 443
    to_port    = 443
  }

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    cidr_block = local.b_cidr
    from_port  = 1024
    to_port    = 65535
  }
}

# ---- account B: network

resource "aws_vpc" "b" {
  provider   = aws.b
  cidr_block = local.b_cidr
}

resource "aws_subnet" "b" {
  provider          = aws.b
  count             = length(local.zones)
  vpc_id            = aws_vpc.b.id
  cidr_block        = cidrsubnet(local.b_cidr, 8, count.index)
  availability_zone = local.zones[count.index]
}

resource "aws_route_table" "b" {
  provider = aws.b
  vpc_id   = aws_vpc.b.id

  route {
    cidr_block                = local.a_cidr
    vpc_peering_connection_id = aws_vpc_peering_connection.a_to_b.id
  }
}

resource "aws_route_table_association" "b" {
  provider       = aws.b
  count          = length(local.zones)
  subnet_id      = aws_subnet.b[count.index].id
  route_table_id = aws_route_table.b.id
}

resource "aws_vpc_peering_connection" "a_to_b" {
  provider      = aws.a
  vpc_id        = aws_vpc.a.id
  peer_vpc_id   = aws_vpc.b.id
  peer_owner_id = "666666666666"
}

resource "aws_vpc_peering_connection_accepter" "b" {
  provider                  = aws.b
  vpc_peering_connection_id = aws_vpc_peering_connection.a_to_b.id
  auto_accept               = true
}

# ---- account B: endpoint and private API

resource "aws_security_group" "endpoint" {
  provider = aws.b
  name     = "endpoint"
  vpc_id   = aws_vpc.b.id

  ingress {
    description = "https from A"
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = [local.a_cidr]
  }
}

resource "aws_vpc_endpoint" "endpoint" {
  provider            = aws.b
  vpc_id              = aws_vpc.b.id
  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.us-east-1.execute-api"
  subnet_ids          = aws_subnet.b[*].id
  security_group_ids  = [aws_security_group.endpoint.id]
  private_dns_enabled = false

  subnet_configuration {
    subnet_id = aws_subnet.b[0].id
    ipv4      = local.endpoint_ip[0]
  }

  subnet_configuration {
    subnet_id = aws_subnet.b[1].id
    ipv4      = local.endpoint_ip[1]
  }
}

resource "aws_api_gateway_rest_api" "private" {
  provider = aws.b
  name     = "private"

  body = jsonencode({
    openapi = "3.0.1"
    info    = { title = "private", version = "1" }
    paths = {
      "/v1/items" = {
        get = {
          responses = { "200" = { description = "ok" } }
          x-amazon-apigateway-integration = {
            type             = "mock"
            requestTemplates = { "application/json" = "{\"statusCode\": 200}" }
            responses        = { default = { statusCode = "200" } }
          }
        }
      }
    }
  })

  endpoint_configuration {
    types            = ["PRIVATE"]
    vpc_endpoint_ids = [aws_vpc_endpoint.endpoint.id]
  }
}

resource "aws_api_gateway_rest_api_policy" "private" {
  provider    = aws.b
  rest_api_id = aws_api_gateway_rest_api.private.id

  policy = <<-POLICY
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Principal": "*",
          "Action": "execute-api:Invoke",
          "Resource": "${aws_api_gateway_rest_api.private.execution_arn}/*/*/*",
          "Condition": {"StringEquals": {"aws:SourceVpc": "${aws_vpc.b.id}"}}
        }
      ]
    }
  POLICY
}

resource "aws_api_gateway_deployment" "private" {
  provider    = aws.b
  rest_api_id = aws_api_gateway_rest_api.private.id
  triggers = {
    body   = sha1(aws_api_gateway_rest_api.private.body)
    policy = sha1(aws_api_gateway_rest_api_policy.private.policy)
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "private" {
  provider      = aws.b
  rest_api_id   = aws_api_gateway_rest_api.private.id
  deployment_id = aws_api_gateway_deployment.private.id
  stage_name    = "main"
}

# ---- account A: load balancer

resource "aws_security_group" "nlb" {
  provider = aws.a
  name     = "nlb"
  vpc_id   = aws_vpc.a.id

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_lb" "nlb" {
  provider                         = aws.a
  name                             = "nlb"
  load_balancer_type               = "network"
  internal                         = true
  subnets                          = aws_subnet.a[*].id
  security_groups                  = [aws_security_group.nlb.id]
  enable_cross_zone_load_balancing = false

  enforce_security_group_inbound_rules_on_private_link_traffic = "off"
}

resource "aws_lb_target_group" "nlb" {
  provider           = aws.a
  name               = "endpoint"
  vpc_id             = aws_vpc.a.id
  target_type        = "ip"
  protocol           = "TCP"
  port               = 443
  preserve_client_ip = false
}

resource "aws_lb_target_group_attachment" "nlb" {
  provider          = aws.a
  count             = length(local.endpoint_ip)
  target_group_arn  = aws_lb_target_group.nlb.arn
  target_id         = local.endpoint_ip[count.index]
  availability_zone = "all"
}

resource "aws_lb_listener" "nlb" {
  provider          = aws.a
  load_balancer_arn = aws_lb.nlb.arn
  protocol          = "TCP"
  port              = 443

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.nlb.arn
  }
}

# ---- account A: public API

resource "aws_api_gateway_vpc_link" "link" {
  provider    = aws.a
  name        = "link"
  target_arns = [aws_lb.nlb.arn]
}

resource "aws_api_gateway_rest_api" "public" {
  provider = aws.a
  name     = "public"

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_resource" "items" {
  provider    = aws.a
  rest_api_id = aws_api_gateway_rest_api.public.id
  parent_id   = aws_api_gateway_rest_api.public.root_resource_id
  path_part   = "items"
}

resource "aws_api_gateway_method" "items" {
  provider      = aws.a
  rest_api_id   = aws_api_gateway_rest_api.public.id
  resource_id   = aws_api_gateway_resource.items.id
  http_method   = "GET"
  authorization = "AWS_IAM"
}

resource "aws_api_gateway_integration" "items" {
  provider                = aws.a
  rest_api_id             = aws_api_gateway_rest_api.public.id
  resource_id             = aws_api_gateway_resource.items.id
  http_method             = aws_api_gateway_method.items.http_method
  type                    = "HTTP_PROXY"
  integration_http_method = "GET"
  connection_type         = "VPC_LINK"
  connection_id           = aws_api_gateway_vpc_link.link.id
  uri                     = "https://${aws_vpc_endpoint.endpoint.dns_entry[0].dns_name}/main/v1/items"

  request_parameters = {
    "integration.request.header.x-apigw-api-id" = "'${aws_api_gateway_rest_api.private.id}'"
  }
}

resource "aws_api_gateway_deployment" "public" {
  provider    = aws.a
  rest_api_id = aws_api_gateway_rest_api.public.id

  triggers = {
    redeployment = sha1(join(",", [
      aws_api_gateway_resource.items.path_part,
      aws_api_gateway_method.items.authorization,
      aws_api_gateway_integration.items.uri,
      jsonencode(aws_api_gateway_integration.items.request_parameters),
    ]))
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "public" {
  provider      = aws.a
  rest_api_id   = aws_api_gateway_rest_api.public.id
  deployment_id = aws_api_gateway_deployment.public.id
  stage_name    = "main"
}
