# Silence.
import json, os, struct, time
from yolo_course.grading.isolation import student, wire
student.Student.serve = lambda self: time.sleep(1000)
