"""What the routes share while the application runs: the service, its metrics, jobs and conversations."""
