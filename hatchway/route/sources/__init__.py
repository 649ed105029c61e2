"""Where facts come from: Terraform's configuration, its plan."""
