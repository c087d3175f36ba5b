"""An instructor's course: its folder, releasing, collecting, grading, feedback and export."""
