# A tensor without end: four bytes that pretend to be a million of millions of numbers.
import json, os, struct, time
from yolo_course.grading.isolation import student, wire
huge = {'t': 'tensor', 'dtype': 'float32', 'shape': [10 ** 12], 'strides': [0], 'learns': False, 'n': 4}
student.Student.do_call = lambda *a, **k: None
student.Student.serve = lambda self: wire.send(self.exchange.sock, ['answer', None, [{'t': 'dict', 'v': [['double', huge]]}, [[], []], {'t': 'dict', 'v': []}]], [bytes(4)], 5)
