"""The datasets that the course makes for itself."""
