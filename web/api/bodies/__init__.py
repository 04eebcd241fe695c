"""What the bodies of requests may hold, one file per noun: strict types, no unknown fields, cleaned strings."""
