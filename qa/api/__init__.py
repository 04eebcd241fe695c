"""THE JSON OF API v1: one file per noun, with both directions side by side. `client/` speaks it over HTTP.

Outside Python's own nouns (`qa.base`), two nouns live here: conversations and jobs hold answers as they were given, as JSON.
"""
