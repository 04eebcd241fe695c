"""One file per resource; each holds a router, and what a request does is one call of the service."""
