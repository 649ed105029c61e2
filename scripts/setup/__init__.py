"""Set-up: everything a clone needs, from Python packages to Terraform. A no-op when it is all there."""
