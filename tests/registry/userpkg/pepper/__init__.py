"""A user's own package, outside the project: importing it registers its blocks."""

from pepper import blocks as blocks
