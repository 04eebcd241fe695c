"""Who may do what, and under which names the server is reached."""
