# Deep.
import json, os, struct, time
from yolo_course.grading.isolation import student, wire
student.Student.serve = lambda self: wire.send(self.exchange.sock, eval('[' * 90 + ']' * 90), [], 5)
