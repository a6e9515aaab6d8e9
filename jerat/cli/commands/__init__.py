"""The commands, one file each; every file has `register(app)`."""
