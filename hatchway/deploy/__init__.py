"""From the topology to what is deployed: synthesis, plans, deployment and destruction, stack by stack."""
