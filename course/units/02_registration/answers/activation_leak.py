# %% right="a context manager of its own"
import contextlib


@contextlib.contextmanager
def default_activation(activation):
    before, Conv.default_act = Conv.default_act, activation
    try:
        yield
    finally:
        Conv.default_act = before


def with_activation(activation, build):
    with default_activation(activation):
        return build()


# %% right="patches the attribute for a while"
def with_activation(activation, build):
    with mock.patch.object(Conv, "default_act", activation):
        return build()


# %% right="catches everything, puts it back and raises again"
def with_activation(activation, build):
    before = Conv.default_act
    Conv.default_act = activation
    try:
        built = build()
    except BaseException:
        Conv.default_act = before
        raise
    Conv.default_act = before
    return built


# %% wrong="puts it back after a success alone" hint="made next has ReLU"
def with_activation(activation, build):
    before, Conv.default_act = Conv.default_act, activation
    built = build()
    Conv.default_act = before
    return built


# %% wrong="puts it back after a failure alone" hint="went well"
def with_activation(activation, build):
    before, Conv.default_act = Conv.default_act, activation
    try:
        return build()
    except Exception:
        Conv.default_act = before
        raise


# %% wrong="puts SiLU back, whatever was there" hint="not what you found"
def with_activation(activation, build):
    Conv.default_act = activation
    try:
        return build()
    finally:
        Conv.default_act = nn.SiLU()


# %% wrong="swallows the error" hint="swallowed"
def with_activation(activation, build):
    before, Conv.default_act = Conv.default_act, activation
    try:
        return build()
    except BaseException as error:
        print(error)
    finally:
        Conv.default_act = before


# %% wrong="knows only the KeyError of the story" hint="other ways than with a KeyError"
def with_activation(activation, build):
    before, Conv.default_act = Conv.default_act, activation
    try:
        built = build()
    except KeyError:
        Conv.default_act = before
        raise
    Conv.default_act = before
    return built


# %% wrong="lets Ctrl-C through" hint="stops the cell by hand"
def with_activation(activation, build):
    before, Conv.default_act = Conv.default_act, activation
    try:
        built = build()
    except Exception:
        Conv.default_act = before
        raise
    Conv.default_act = before
    return built


# %% wrong="never sets it" hint="never reached the Conv"
def with_activation(activation, build):
    before = Conv.default_act
    try:
        return build()
    finally:
        Conv.default_act = before


# %% wrong="forgets the result" hint="got lost on the way"
def with_activation(activation, build):
    before, Conv.default_act = Conv.default_act, activation
    try:
        build()
    finally:
        Conv.default_act = before


# %% wrong="wraps the error into one of its own" hint="not the one that was raised"
def with_activation(activation, build):
    before, Conv.default_act = Conv.default_act, activation
    try:
        return build()
    except Exception as error:
        raise RuntimeError("the build failed") from error
    finally:
        Conv.default_act = before
