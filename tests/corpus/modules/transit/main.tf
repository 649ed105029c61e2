terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.owner, aws.member]
    }
  }
}

variable "member_account" {
  type = string
}

variable "owner" {
  type = object({ vpc_id = string, subnet_ids = list(string), route_table_id = string, cidr = string })
}

variable "member" {
  type = object({ vpc_id = string, subnet_ids = list(string), route_table_id = string, cidr = string })
}

resource "aws_ec2_transit_gateway" "hub" {
  provider = aws.owner

  description                     = "hub"
  auto_accept_shared_attachments  = "enable"
  default_route_table_association = "enable"
  default_route_table_propagation = "enable"
}

resource "aws_ram_resource_share" "hub" {
  provider = aws.owner

  name                      = "transit-hub"
  allow_external_principals = true
}

resource "aws_ram_resource_association" "hub" {
  provider = aws.owner

  resource_arn       = aws_ec2_transit_gateway.hub.arn
  resource_share_arn = aws_ram_resource_share.hub.arn
}

resource "aws_ram_principal_association" "member" {
  provider = aws.owner

  principal          = var.member_account
  resource_share_arn = aws_ram_resource_share.hub.arn
}

resource "aws_ram_resource_share_accepter" "member" {
  provider = aws.member

  share_arn = aws_ram_principal_association.member.resource_share_arn
}

resource "aws_ec2_transit_gateway_vpc_attachment" "owner" {
  provider = aws.owner

  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = var.owner.vpc_id
  subnet_ids         = var.owner.subnet_ids
}

resource "aws_ec2_transit_gateway_vpc_attachment" "member" {
  provider = aws.member

  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = var.member.vpc_id
  subnet_ids         = var.member.subnet_ids

  depends_on = [aws_ram_resource_association.hub, aws_ram_resource_share_accepter.member]
}

resource "aws_route" "out" {
  provider = aws.owner

  route_table_id         = var.owner.route_table_id
  destination_cidr_block = var.member.cidr
  transit_gateway_id     = aws_ec2_transit_gateway_vpc_attachment.owner.transit_gateway_id
}

resource "aws_route" "back" {
  provider = aws.member

  route_table_id         = var.member.route_table_id
  destination_cidr_block = var.owner.cidr
  transit_gateway_id     = aws_ec2_transit_gateway_vpc_attachment.member.transit_gateway_id
}
