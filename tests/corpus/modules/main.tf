# One root, five calls of local modules, two accounts. Written as a platform team would that likes modules:
# maps and for_each everywhere, every rule a resource of its own, policies with jsonencode.

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
  alias               = "edge"
  region              = var.region
  allowed_account_ids = [var.accounts.edge]

  assume_role {
    role_arn = "arn:aws:iam::${var.accounts.edge}:role/terraform"
  }
}

provider "aws" {
  alias               = "orders"
  region              = var.region
  allowed_account_ids = [var.accounts.orders]

  assume_role {
    role_arn = "arn:aws:iam::${var.accounts.orders}:role/terraform"
  }
}

locals {
  # Fixed addresses, so that rules and targets are known before anything exists.
  balancer_addresses = { for name, subnet in var.edge_subnets : name => cidrhost(subnet.cidr, 10) }
  endpoint_addresses = { for name, subnet in var.orders_subnets : name => cidrhost(subnet.cidr, 20) }
}

module "edge_network" {
  source    = "./network"
  providers = { aws = aws.edge }

  name    = "edge"
  cidr    = var.edge_cidr
  subnets = var.edge_subnets
}

module "orders_network" {
  source    = "./network"
  providers = { aws = aws.orders }

  name    = "orders"
  cidr    = var.orders_cidr
  subnets = var.orders_subnets
}

module "transit" {
  source = "./transit"
  providers = {
    aws.owner  = aws.edge
    aws.member = aws.orders
  }

  member_account = var.accounts.orders
  owner = {
    vpc_id         = module.edge_network.vpc_id
    subnet_ids     = values(module.edge_network.subnet_ids)
    route_table_id = module.edge_network.route_table_id
    cidr           = var.edge_cidr
  }
  member = {
    vpc_id         = module.orders_network.vpc_id
    subnet_ids     = values(module.orders_network.subnet_ids)
    route_table_id = module.orders_network.route_table_id
    cidr           = var.orders_cidr
  }
}

module "orders" {
  source    = "./orders"
  providers = { aws = aws.orders }

  region     = var.region
  vpc_id     = module.orders_network.vpc_id
  subnet_ids = module.orders_network.subnet_ids
  addresses  = local.endpoint_addresses
  callers    = local.balancer_addresses
}

module "front" {
  source    = "./front"
  providers = { aws = aws.edge }

  region             = var.region
  vpc_id             = module.edge_network.vpc_id
  subnet_ids         = module.edge_network.subnet_ids
  addresses          = local.balancer_addresses
  endpoint_addresses = local.endpoint_addresses

  private_api = {
    id    = module.orders.api_id
    stage = module.orders.stage_name
  }
}

output "url" {
  value = module.front.url
}
