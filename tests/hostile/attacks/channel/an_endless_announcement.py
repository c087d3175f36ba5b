# An endless announcement.
import json, os, struct, time
from yolo_course.grading.isolation import student, wire
student.Student.serve = lambda self: self.exchange.sock.sendall(struct.pack('!IQ', 2**31, 2**60))
