"""`python -m yolo_course` is `yolo-course`."""

from yolo_course.cli import main

main()
