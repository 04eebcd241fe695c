"""THE COMMAND LINE: each file is a group of commands, or what they print."""
