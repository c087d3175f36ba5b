# Junk.
import json, os, struct, time
from yolo_course.grading.isolation import student, wire
student.Student.serve = lambda self: self.exchange.sock.sendall(os.urandom(10_000))
