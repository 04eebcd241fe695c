"""The HTML routes, with their templates and static files."""
