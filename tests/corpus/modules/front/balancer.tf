resource "aws_security_group" "balancer" {
  name_prefix = "front-balancer-"
  description = "way to the private APIs"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_egress_rule" "endpoint" {
  for_each = var.endpoint_addresses

  security_group_id = aws_security_group.balancer.id
  cidr_ipv4         = "${each.value}/32"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_lb" "this" {
  name               = "private-apis"
  load_balancer_type = "network"
  internal           = true
  security_groups    = [aws_security_group.balancer.id]

  enable_cross_zone_load_balancing                             = true
  enforce_security_group_inbound_rules_on_private_link_traffic = "off"

  dynamic "subnet_mapping" {
    for_each = var.addresses

    content {
      subnet_id            = var.subnet_ids[subnet_mapping.key]
      private_ipv4_address = subnet_mapping.value
    }
  }
}

resource "aws_lb_target_group" "endpoint" {
  name_prefix        = "vpce-"
  vpc_id             = var.vpc_id
  port               = 443
  protocol           = "TCP"
  target_type        = "ip"
  preserve_client_ip = "false"

  health_check {
    protocol = "HTTPS"
    path     = "/ping"
    matcher  = "200"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lb_target_group_attachment" "endpoint" {
  for_each = var.endpoint_addresses

  target_group_arn  = aws_lb_target_group.endpoint.arn
  target_id         = each.value
  port              = 443
  availability_zone = "all"
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.endpoint.arn
  }
}

resource "aws_api_gateway_vpc_link" "this" {
  name        = "private-apis"
  target_arns = [aws_lb.this.arn]

  lifecycle {
    create_before_destroy = true
  }
}
