terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100"
    }
  }
}

variable "zones" {
  type    = number
  default = 2
}

variable "producer_account" {
  type    = string
  default = "444444444444"
}

provider "aws" {
  region = "eu-central-1"

  assume_role {
    role_arn = "arn:aws:iam::333333333333:role/terraform"
  }
}

provider "aws" {
  alias  = "producer"
  region = "eu-central-1"

  assume_role {
    role_arn = "arn:aws:iam::${var.producer_account}:role/terraform"
  }
}
