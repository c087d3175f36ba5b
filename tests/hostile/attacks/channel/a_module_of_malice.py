# A module of malice.
import json, os, struct, time
from yolo_course.grading.isolation import student, wire
student.Student.serve = lambda self: wire.send(self.exchange.sock, ['answer', None, {'t': 'dict', 'v': [['double', {'t': 'module', 'v': {'own': False, 'cls': 'torch.nn.modules.linear:Linear', 'id': 0, 'attributes': [['forward', 3]], 'parameters': [], 'buffers': [], 'fleeting': [], 'children': []}}]]}], [], 5)
