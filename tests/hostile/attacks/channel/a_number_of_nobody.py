# A number of nobody.
import json, os, struct, time
from yolo_course.grading.isolation import student, wire
student.Student.serve = lambda self: wire.send(self.exchange.sock, ['answer', None, {'t': 'dict', 'v': [['double', {'t': 'here', 'id': 7}]]}], [], 5)
