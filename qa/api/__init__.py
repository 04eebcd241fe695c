"""THE JSON OF VERSION 1: one file per noun, both directions side by side; and the client that speaks it (`client/`)."""
