"""WHAT EVERY ROOM STANDS ON: the nouns, the errors, the seams and the settings. Imports no other room."""
