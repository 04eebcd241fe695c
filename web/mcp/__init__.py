"""The tools of the index for language models, by the Model Context Protocol."""
