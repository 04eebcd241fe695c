"""The answers of the index in the shapes of OpenAI's API."""
