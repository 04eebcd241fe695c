"""SHARED BY ALL OTHER PACKAGES: the nouns, the errors, the protocols and the settings. It imports none of them."""
