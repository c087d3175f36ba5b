# %% right="keeps classes and rules apart, and asks for one label"
from difflib import get_close_matches


class Registry:
    def __init__(self):
        self.classes, self.rules = {}, {}

    def add(self, rule):
        def keep(cls):
            label = f"{cls.__module__}:{cls.__qualname__}"
            taken = self.classes.get(cls.__name__)
            if taken is not None and f"{taken.__module__}:{taken.__qualname__}" != label:
                raise ModelError("two classes of one name")
            self.classes[cls.__name__], self.rules[cls.__name__] = cls, rule
            return cls

        return keep

    def find(self, name):
        try:
            return self.classes[name], self.rules[name]
        except KeyError:
            near = get_close_matches(name, list(self.classes), 1)
            raise ModelError(f"no module {name}", hint=f"did you mean {near[0]}?" if near else None) from None


# %% right="is a dict itself and adds through a partial"
import difflib
import functools


class Registry(dict):
    def __init__(self):
        super().__init__()

    def _put(self, rule, cls):
        entry = self.setdefault(cls.__name__, [cls, rule])
        for attribute in ("__module__", "__qualname__"):
            if getattr(entry[0], attribute) != getattr(cls, attribute):
                raise ModelError(f"{cls.__name__} exists already, elsewhere")
        entry[:] = [cls, rule]
        return cls

    def add(self, rule):
        return functools.partial(self._put, rule)

    def find(self, name):
        if name in self:
            return tuple(self[name])
        scored = sorted(self, key=lambda known: -difflib.SequenceMatcher(None, name, known).ratio())
        raise ModelError(f"{name}? perhaps {scored[0]}" if scored else f"{name}? nothing is registered")


# %% wrong="keeps the first class, to be safe" hint="still get the old class"
class Registry:
    def __init__(self):
        self.known = {}

    def add(self, rule):
        def decorate(cls):
            if cls.__name__ not in self.known:
                self.known[cls.__name__] = cls, rule
            return cls

        return decorate

    def find(self, name):
        if name not in self.known:
            raise ModelError(f"unknown {name}, known are {list(self.known)}")
        return self.known[name]


# %% wrong="takes whatever comes last" hint="without a word"
class Registry:
    def __init__(self):
        self.known = {}

    def add(self, rule):
        def decorate(cls):
            self.known[cls.__name__] = cls, rule
            return cls

        return decorate

    def find(self, name):
        if name not in self.known:
            raise ModelError(f"unknown {name}, known are {list(self.known)}")
        return self.known[name]


# %% wrong="refuses every second class, as MMEngine does" hint="cannot be run twice"
class Registry:
    def __init__(self):
        self.known = {}

    def add(self, rule):
        def decorate(cls):
            if cls.__name__ in self.known:
                raise ModelError(f"{cls.__name__} is already registered")
            self.known[cls.__name__] = cls, rule
            return cls

        return decorate

    def find(self, name):
        if name not in self.known:
            raise ModelError(f"unknown {name}, known are {list(self.known)}")
        return self.known[name]


# %% wrong="forgets to give the class back" hint="gets it back"
class Registry:
    def __init__(self):
        self.known = {}

    def add(self, rule):
        def decorate(cls):
            self.known[cls.__name__] = cls, rule

        return decorate

    def find(self, name):
        return self.known[name]


# %% wrong="keeps the names in the class body" hint="remembers the names of another"
class Registry:
    known = {}  # noqa: RUF012

    def __init__(self):
        pass

    def add(self, rule):
        def decorate(cls):
            before, _ = self.known.get(cls.__name__, (cls, rule))
            if (before.__module__, before.__qualname__) != (cls.__module__, cls.__qualname__):
                raise ModelError("taken")
            self.known[cls.__name__] = cls, rule
            return cls

        return decorate

    def find(self, name):
        return self.known[name]


# %% wrong="stores before it compares" hint="changed its owner"
class Registry:
    def __init__(self):
        self.known = {}

    def add(self, rule):
        def decorate(cls):
            before, _ = self.known.get(cls.__name__, (cls, rule))
            self.known[cls.__name__] = cls, rule
            if (before.__module__, before.__qualname__) != (cls.__module__, cls.__qualname__):
                raise ModelError("taken")
            return cls

        return decorate

    def find(self, name):
        return self.known[name]


# %% wrong="lets a bare KeyError out" hint="says so: ModelError"
class Registry:
    def __init__(self):
        self.known = {}

    def add(self, rule):
        def decorate(cls):
            before, _ = self.known.get(cls.__name__, (cls, rule))
            if (before.__module__, before.__qualname__) != (cls.__module__, cls.__qualname__):
                raise ModelError("taken")
            self.known[cls.__name__] = cls, rule
            return cls

        return decorate

    def find(self, name):
        return self.known[name]


# %% wrong="does not say which name was meant" hint="which name was meant"
class Registry:
    def __init__(self):
        self.known = {}

    def add(self, rule):
        def decorate(cls):
            before, _ = self.known.get(cls.__name__, (cls, rule))
            if (before.__module__, before.__qualname__) != (cls.__module__, cls.__qualname__):
                raise ModelError("taken")
            self.known[cls.__name__] = cls, rule
            return cls

        return decorate

    def find(self, name):
        if name not in self.known:
            raise ModelError(f"no module {name}")
        return self.known[name]


# %% wrong="compares the modules alone" hint="one was lost"
import difflib


class Registry:
    def __init__(self):
        self.known = {}

    def add(self, rule):
        def decorate(cls):
            before, _ = self.known.get(cls.__name__, (cls, rule))
            if before.__module__ != cls.__module__:
                raise ModelError("taken")
            self.known[cls.__name__] = cls, rule
            return cls

        return decorate

    def find(self, name):
        if name not in self.known:
            raise ModelError(f"unknown; did you mean {difflib.get_close_matches(name, self.known, 1)}")
        return self.known[name]


# %% wrong="gives the class alone" hint="two things"
class Registry:
    def __init__(self):
        self.known = {}

    def add(self, rule):
        def decorate(cls):
            self.known[cls.__name__] = cls
            return cls

        return decorate

    def find(self, name):
        return self.known[name]


# %% wrong="keeps the class and not the rule of a second run" hint="the old rule stayed"
import difflib


class Registry:
    def __init__(self):
        self.known, self.rules = {}, {}

    def add(self, rule):
        def decorate(cls):
            before = self.known.get(cls.__name__, cls)
            if (before.__module__, before.__qualname__) != (cls.__module__, cls.__qualname__):
                raise ModelError("taken")
            self.known[cls.__name__] = cls
            self.rules.setdefault(cls.__name__, rule)
            return cls

        return decorate

    def find(self, name):
        if name not in self.known:
            raise ModelError(f"unknown; did you mean {difflib.get_close_matches(name, self.known, 1)}")
        return self.known[name], self.rules[name]
