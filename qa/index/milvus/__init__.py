"""An index in a Milvus server: one collection with the vectors, the words and the articles themselves.

The store of the index folder stays the truth. The collection follows it, and never holds what the store does not hold.
"""
