terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "region" {
  type = string
}

variable "vpc_id" {
  type = string
}

variable "subnet_ids" {
  type = map(string)
}

variable "addresses" {
  description = "Address of the load balancer in each subnet."
  type        = map(string)
}

variable "endpoint_addresses" {
  type = map(string)
}

variable "private_api" {
  type = object({ id = string, stage = string })
}

output "url" {
  value = aws_api_gateway_stage.public.invoke_url
}
