"""The JSON routes of version 1, with what they read and write."""
