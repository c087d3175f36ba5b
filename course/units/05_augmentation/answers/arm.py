# %% right="a quarter of the epochs without mosaic"
def arm(epochs, mosaic):
    settings = dict(epochs=epochs, multi_scale=0.5, close_mosaic=max(epochs // 4, 1))
    settings["mosaic"] = float(mosaic)
    return settings


# %% right="mosaic rests in the last epoch alone, the rest is said in full"
def arm(epochs, mosaic):
    return {
        "epochs": epochs,
        "mosaic": 1.0 * mosaic,
        "close_mosaic": 1,
        "multi_scale": 0.5,
        "augment": False,
        "optimizer": "SGD",
    }


# %% wrong="leaves close_mosaic at its default" hint="in neither is mosaic ever on"
def arm(epochs, mosaic):
    return {"epochs": epochs, "mosaic": float(mosaic), "multi_scale": 0.5}


# %% wrong="closes half of the epochs" hint="less than two thirds"
def arm(epochs, mosaic):
    return {"epochs": epochs, "mosaic": float(mosaic), "close_mosaic": epochs // 2, "multi_scale": 0.5}


# %% wrong="never closes it" hint="still on in the last epoch"
def arm(epochs, mosaic):
    return {"epochs": epochs, "mosaic": float(mosaic), "close_mosaic": 0, "multi_scale": 0.5}


# %% wrong="closes it in one arm alone" hint="the two arms differ in `close_mosaic`"
def arm(epochs, mosaic):
    settings = {"epochs": epochs, "mosaic": float(mosaic), "multi_scale": 0.5}
    return settings | ({"close_mosaic": 1} if mosaic else {})


# %% wrong="switches it off by closing it" hint="on in the arm that should be without it"
def arm(epochs, mosaic):
    return {"epochs": epochs, "mosaic": 1.0, "close_mosaic": 1 if mosaic else epochs, "multi_scale": 0.5}


# %% wrong="leaves multi_scale a switch" hint="from nothing to the double"
def arm(epochs, mosaic):
    return {"epochs": epochs, "mosaic": float(mosaic), "close_mosaic": 1, "multi_scale": True}


# %% wrong="leaves multi_scale out" hint="does not vary"
def arm(epochs, mosaic):
    return {"epochs": epochs, "mosaic": float(mosaic), "close_mosaic": 1}


# %% wrong="a quarter to either side" hint="by another share"
def arm(epochs, mosaic):
    return {"epochs": epochs, "mosaic": float(mosaic), "close_mosaic": 1, "multi_scale": 0.25}


# %% wrong="one and a half as a share" hint="Ultralytics refuses to train"
def arm(epochs, mosaic):
    return {"epochs": epochs, "mosaic": float(mosaic), "close_mosaic": 1, "multi_scale": 1.5}


# %% wrong="leaves augment on" hint="several versions of each picture"
def arm(epochs, mosaic):
    return {"epochs": epochs, "mosaic": float(mosaic), "close_mosaic": 1, "multi_scale": 0.5, "augment": True}


# %% wrong="half a mosaic" hint="not on for every picture"
def arm(epochs, mosaic):
    return {"epochs": epochs, "mosaic": 0.5 * mosaic, "close_mosaic": 1, "multi_scale": 0.5}


# %% wrong="a name from an older version" hint="is no setting of Ultralytics"
def arm(epochs, mosaic):
    return {"epochs": epochs, "use_mosaic": mosaic, "close_mosaic": 1, "multi_scale": 0.5}


# %% wrong="trains longer, so that the default does no harm" hint="another length"
def arm(epochs, mosaic):
    return {"epochs": epochs + 10, "mosaic": float(mosaic), "multi_scale": 0.5}
