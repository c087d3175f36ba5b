# A question without end.
import json, os, struct, time
from yolo_course.grading.isolation import student, wire
student.Student.serve = lambda self: [wire.send(self.exchange.sock, ['ask', 'callback', [0, [], {'t': 'dict', 'v': []}]], [], 5) for _ in range(10**6)]
