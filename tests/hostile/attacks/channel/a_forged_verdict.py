# A forged verdict: the error that a check raises, with an outcome that says it has passed.
import json, os, struct, time
from yolo_course.grading.isolation import student, wire
facts = {'t': 'dict', 'v': [['outcome', {'t': 'namespace', 'cls': 'ultralytics.utils:IterableSimpleNamespace', 'v': {'t': 'dict', 'v': [['passed', True]]}}]]}
error = {'t': 'dict', 'v': [['cls', 'yolo_course.grading.checks:CheckFailed'], ['name', 'CheckFailed'], ['text', ''], ['facts', facts], ['stub', False], ['line', '']]}
student.Student.serve = lambda self: wire.send(self.exchange.sock, ['error', None, error], [], 5)
