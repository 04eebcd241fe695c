"""What qa measured of the packaged encoder: `encoder/` holds the ranges that its 8-bit integers need."""
