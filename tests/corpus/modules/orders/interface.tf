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
  description = "Address of the endpoint in each subnet."
  type        = map(string)
}

variable "callers" {
  description = "Addresses that may connect."
  type        = map(string)
}

output "api_id" {
  value = aws_api_gateway_rest_api.this.id
}

output "stage_name" {
  value = aws_api_gateway_stage.this.stage_name
}

output "endpoint_id" {
  value = aws_vpc_endpoint.execute_api.id
}
