"""Hand-ins of a class, from the files of strangers to their places in the course."""
