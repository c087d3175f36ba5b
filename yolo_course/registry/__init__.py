"""Registers a user's modules with Ultralytics' model parser.

```
@register(rule="scaled")                 register.py   the names and their classes
class Block(nn.Module): ...              rules.py      a YAML row becomes constructor arguments
                                         parser.py     the original parser builds, our modules are swapped in
YOLO("my-model.yaml")                    install.py    where the parser, the loader and the workers are told
```

Importing this package imports neither torch nor ultralytics.
"""
