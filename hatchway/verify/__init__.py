"""After deploy: calls to the public endpoint, and what their answers say about each hop."""
