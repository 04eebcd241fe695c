"""WHAT SERVING WRITES: answers, feedback, conversations, jobs, sent-again requests and tokens."""
