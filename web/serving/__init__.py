"""A port and a service → processes that serve until they are stopped."""
