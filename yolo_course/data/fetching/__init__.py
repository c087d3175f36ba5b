"""Public datasets by descriptor: download, checksum, safe unpacking."""
