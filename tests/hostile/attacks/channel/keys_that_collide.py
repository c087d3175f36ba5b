# Keys that collide: a small dict takes long to read.
import json, os, struct, time
from yolo_course.grading.isolation import student, wire
keys = [[{'t': 'int', 'v': hex((2**61 - 1) * n)}, None] for n in range(4, 20_000)]
student.Student.serve = lambda self: wire.send(self.exchange.sock, ['answer', None, {'t': 'dict', 'v': keys}], [], 5)
