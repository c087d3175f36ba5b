# One byte at a time.
import json, os, struct, time
from yolo_course.grading.isolation import student, wire
student.Student.serve = lambda self: [(self.exchange.sock.sendall(b'\0'), time.sleep(.2)) for _ in range(1000)]
