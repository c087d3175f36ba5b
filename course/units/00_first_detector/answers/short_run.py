# %% right="another optimizer, mosaic never closed"
def short_run(epochs, batch, lr0):
    return {
        "epochs": epochs,
        "batch": batch,
        "nbs": batch,
        "optimizer": "SGD",
        "lr0": lr0,
        "momentum": 0.9,
        "mosaic": 1.0,
        "close_mosaic": 0,
    }


# %% right="mosaic off for the last epoch alone"
def short_run(epochs, batch, lr0):
    settings = dict(epochs=epochs, batch=batch, lr0=lr0, optimizer="musgd")
    settings.update(nbs=batch, close_mosaic=1)
    return settings


# %% right="half of the epochs with mosaic, cosine schedule"
def short_run(epochs, batch, lr0):
    return dict(epochs=epochs, batch=batch, optimizer="Adam", lr0=lr0, cos_lr=True, close_mosaic=epochs // 2, nbs=batch)


# %% wrong="the guide's settings, with a momentum" hint="ends with the same weights"
def short_run(epochs, batch, lr0):
    return dict(epochs=epochs, batch=batch, lr0=lr0, momentum=0.937, mosaic=1.0)


# %% wrong="hopes that a name of its own will do" hint="knows no optimizer"
def short_run(epochs, batch, lr0):
    return dict(epochs=epochs, batch=batch, lr0=lr0, optimizer="adam-w", close_mosaic=0, nbs=batch)


# %% wrong="writes the learning rate down" hint="another learning rate"
def short_run(epochs, batch, lr0):
    return dict(epochs=epochs, batch=batch, lr0=0.01, optimizer="AdamW", close_mosaic=0, nbs=batch)


# %% wrong="mends the optimizer alone" hint="not one of the epochs"
def short_run(epochs, batch, lr0):
    return dict(epochs=epochs, batch=batch, lr0=lr0, optimizer="AdamW", mosaic=1.0)


# %% wrong="switches mosaic off" hint="switched off"
def short_run(epochs, batch, lr0):
    return dict(epochs=epochs, batch=batch, lr0=lr0, optimizer="AdamW", mosaic=0.0, close_mosaic=0, nbs=batch)


# %% wrong="closes mosaic four epochs before the end, always" hint="less than half"
def short_run(epochs, batch, lr0):
    return dict(epochs=epochs, batch=batch, lr0=lr0, optimizer="AdamW", close_mosaic=4, nbs=batch)


# %% wrong="leaves the nominal batch size" hint="waits for several"
def short_run(epochs, batch, lr0):
    return dict(epochs=epochs, batch=batch, lr0=lr0, optimizer="AdamW", close_mosaic=0)


# %% wrong="makes the nominal batch one" hint="weight decay"
def short_run(epochs, batch, lr0):
    return dict(epochs=epochs, batch=batch, lr0=lr0, optimizer="AdamW", close_mosaic=0, nbs=1)


# %% wrong="trains longer instead" hint="of another length"
def short_run(epochs, batch, lr0):
    return dict(epochs=100, batch=batch, lr0=lr0, optimizer="AdamW", nbs=batch)


# %% wrong="misspells a setting" hint="is no setting"
def short_run(epochs, batch, lr0):
    return dict(epochs=epochs, batch=batch, lr0=lr0, optimiser="AdamW", close_mosaic=0, nbs=batch)
