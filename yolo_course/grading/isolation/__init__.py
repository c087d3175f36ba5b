"""Grading where a learner's code and the verdict live in two processes: see docs/security.md for what that promises."""
