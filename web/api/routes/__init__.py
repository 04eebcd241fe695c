"""One file per resource: each has a router whose routes call the service once."""
