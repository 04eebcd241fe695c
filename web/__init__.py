"""The HTTP face of qa: the answer API and the web chat over one service."""
