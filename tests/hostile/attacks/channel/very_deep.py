# Very deep.
import json, os, struct, time
from yolo_course.grading.isolation import student, wire
student.Student.serve = lambda self: self.exchange.sock.sendall(struct.pack('!IQ', 2_000_000, 0) + b'[' * 1_000_000 + b']' * 1_000_000)
