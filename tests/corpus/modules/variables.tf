variable "region" {
  type    = string
  default = "eu-west-1"
}

variable "accounts" {
  type = object({ edge = string, orders = string })
  default = {
    edge   = "111111111111"
    orders = "222222222222"
  }
}

variable "edge_cidr" {
  type    = string
  default = "10.20.0.0/16"
}

variable "orders_cidr" {
  type    = string
  default = "10.30.0.0/16"
}

variable "edge_subnets" {
  type = map(object({ cidr = string, zone = string }))
  default = {
    one = { cidr = "10.20.1.0/24", zone = "eu-west-1a" }
    two = { cidr = "10.20.2.0/24", zone = "eu-west-1b" }
  }
}

variable "orders_subnets" {
  type = map(object({ cidr = string, zone = string }))
  default = {
    one = { cidr = "10.30.1.0/24", zone = "eu-west-1a" }
    two = { cidr = "10.30.2.0/24", zone = "eu-west-1b" }
  }
}
