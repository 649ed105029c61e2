# The endpoint stands in the gateway's own account and VPC, and the other account lists it in its API: the
# arrangement of the public samples, in which nothing but the API crosses accounts. The default provider is
# the consumer's; policies are documents; the endpoint's addresses are read from its interfaces.

data "aws_region" "current" {}

data "aws_availability_zones" "available" {
  state = "available"
}

resource "aws_vpc" "consumer" {
  cidr_block           = "192.168.0.0/20"
  enable_dns_hostnames = true
}

resource "aws_subnet" "private" {
  count = var.zones

  vpc_id            = aws_vpc.consumer.id
  cidr_block        = cidrsubnet(aws_vpc.consumer.cidr_block, 4, count.index)
  availability_zone = data.aws_availability_zones.available.names[count.index]
}

resource "aws_security_group" "nlb" {
  name        = "nlb"
  description = "load balancer in front of the endpoint"
  vpc_id      = aws_vpc.consumer.id
}

resource "aws_security_group" "vpce" {
  name        = "vpce"
  description = "execute-api endpoint"
  vpc_id      = aws_vpc.consumer.id
}

resource "aws_security_group_rule" "nlb_to_vpce" {
  type                     = "egress"
  security_group_id        = aws_security_group.nlb.id
  source_security_group_id = aws_security_group.vpce.id
  protocol                 = "tcp"
  from_port                = 443
  to_port                  = 443
}

resource "aws_security_group_rule" "vpce_from_nlb" {
  type                     = "ingress"
  security_group_id        = aws_security_group.vpce.id
  source_security_group_id = aws_security_group.nlb.id
  protocol                 = "tcp"
  from_port                = 443
  to_port                  = 443
}

resource "aws_vpc_endpoint" "api" {
  vpc_id              = aws_vpc.consumer.id
  service_name        = "com.amazonaws.${data.aws_region.current.name}.execute-api"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = aws_subnet.private[*].id
  security_group_ids  = [aws_security_group.vpce.id]
  private_dns_enabled = false
  policy              = data.aws_iam_policy_document.endpoint.json
}

data "aws_iam_policy_document" "endpoint" {
  statement {
    effect    = "Allow"
    actions   = ["execute-api:Invoke"]
    resources = ["arn:aws:execute-api:${data.aws_region.current.name}:${var.producer_account}:*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

data "aws_network_interface" "vpce" {
  count = var.zones

  id = tolist(aws_vpc_endpoint.api.network_interface_ids)[count.index]
}

resource "aws_lb" "nlb" {
  name                             = "private-api-nlb"
  internal                         = true
  load_balancer_type               = "network"
  subnets                          = aws_subnet.private[*].id
  security_groups                  = [aws_security_group.nlb.id]
  enable_cross_zone_load_balancing = true

  enforce_security_group_inbound_rules_on_private_link_traffic = "off"
}

resource "aws_lb_target_group" "vpce" {
  name               = "private-api-vpce"
  port               = 443
  protocol           = "TCP"
  target_type        = "ip"
  vpc_id             = aws_vpc.consumer.id
  preserve_client_ip = false

  health_check {
    protocol = "TCP"
    port     = "traffic-port"
  }
}

resource "aws_lb_target_group_attachment" "vpce" {
  count = var.zones

  target_group_arn = aws_lb_target_group.vpce.arn
  target_id        = data.aws_network_interface.vpce[count.index].private_ip
  port             = 443
}

resource "aws_lb_listener" "tcp" {
  load_balancer_arn = aws_lb.nlb.arn
  port              = "443"
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.vpce.arn
  }
}
