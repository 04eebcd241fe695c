"""WHAT SERVING WRITES: answers, feedback, conversations, jobs, idempotent requests and tokens."""
