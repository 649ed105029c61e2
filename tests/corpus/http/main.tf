# An HTTP API over a link of version 2: the link's interfaces stand in the VPC of the load balancer, and each
# integration names a listener. Services are a map; what belongs to each is made of it with for_each. The
# endpoint's addresses are pinned, and stand in the gateway's VPC; the private APIs are in another account.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100"
    }
  }
}

provider "aws" {
  region              = local.region
  allowed_account_ids = ["555555555555"]

  assume_role {
    role_arn = "arn:aws:iam::555555555555:role/terraform"
  }
}

provider "aws" {
  alias               = "apis"
  region              = local.region
  allowed_account_ids = ["666666666666"]

  assume_role {
    role_arn = "arn:aws:iam::666666666666:role/terraform"
  }
}

locals {
  region = "eu-north-1"

  # Subnet, address of the load balancer and address of the endpoint, by zone.
  zones = {
    eun1-az1 = { cidr = "10.60.1.0/24", balancer = "10.60.1.10", endpoint = "10.60.1.20" }
    eun1-az2 = { cidr = "10.60.2.0/24", balancer = "10.60.2.10", endpoint = "10.60.2.20" }
  }

  services = {
    stock  = { stage = "blue", path = "/stock", scopes = ["stock/read"] }
    prices = { stage = "main", path = "/prices", scopes = [] }
  }
}

resource "aws_vpc" "front" {
  cidr_block           = "10.60.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_subnet" "front" {
  for_each = local.zones

  vpc_id               = aws_vpc.front.id
  cidr_block           = each.value.cidr
  availability_zone_id = each.key
}

resource "aws_security_group" "this" {
  for_each = toset(["link", "balancer", "endpoint"])

  name   = each.key
  vpc_id = aws_vpc.front.id
}

resource "aws_vpc_security_group_egress_rule" "link" {
  security_group_id            = aws_security_group.this["link"].id
  referenced_security_group_id = aws_security_group.this["balancer"].id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_vpc_security_group_ingress_rule" "balancer" {
  security_group_id            = aws_security_group.this["balancer"].id
  referenced_security_group_id = aws_security_group.this["link"].id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_vpc_security_group_egress_rule" "balancer" {
  for_each = local.zones

  security_group_id = aws_security_group.this["balancer"].id
  cidr_ipv4         = "${each.value.endpoint}/32"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_ingress_rule" "endpoint" {
  for_each = local.zones

  security_group_id = aws_security_group.this["endpoint"].id
  cidr_ipv4         = "${each.value.balancer}/32"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_endpoint" "apis" {
  vpc_id              = aws_vpc.front.id
  service_name        = "com.amazonaws.${local.region}.execute-api"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = values(aws_subnet.front)[*].id
  security_group_ids  = [aws_security_group.this["endpoint"].id]
  private_dns_enabled = false

  dynamic "subnet_configuration" {
    for_each = local.zones

    content {
      subnet_id = aws_subnet.front[subnet_configuration.key].id
      ipv4      = subnet_configuration.value.endpoint
    }
  }
}

resource "aws_lb" "apis" {
  name_prefix                      = "apis-"
  internal                         = true
  load_balancer_type               = "network"
  security_groups                  = [aws_security_group.this["balancer"].id]
  enable_cross_zone_load_balancing = true

  dynamic "subnet_mapping" {
    for_each = local.zones

    content {
      subnet_id            = aws_subnet.front[subnet_mapping.key].id
      private_ipv4_address = subnet_mapping.value.balancer
    }
  }
}

resource "aws_lb_target_group" "apis" {
  name_prefix        = "apis-"
  port               = 443
  protocol           = "TCP"
  target_type        = "ip"
  vpc_id             = aws_vpc.front.id
  preserve_client_ip = "false"

  health_check {
    protocol = "HTTPS"
    path     = "/ping"
    matcher  = "200"
  }
}

resource "aws_lb_target_group_attachment" "apis" {
  for_each = local.zones

  target_group_arn = aws_lb_target_group.apis.arn
  target_id        = each.value.endpoint
  port             = 443
}

resource "aws_lb_listener" "apis" {
  load_balancer_arn = aws_lb.apis.arn
  port              = 443
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.apis.arn
  }
}
