# %% right="a table for each channel"
def recolour(image, hue=0.0, saturation=1.0, value=1.0):
    x = np.arange(256)
    tables = ((x + hue * 180) % 180, (x * saturation).clip(0, 255), (x * value).clip(0, 255))
    tables = np.stack(tables, -1).astype(np.uint8)[None]
    return cv2.cvtColor(cv2.LUT(cv2.cvtColor(image, cv2.COLOR_RGB2HSV), tables), cv2.COLOR_HSV2RGB)


# %% right="floats of OpenCV, with hues up to 360"
def recolour(image, hue=0.0, saturation=1.0, value=1.0):
    hsv = cv2.cvtColor(image.astype(np.float32) / 255, cv2.COLOR_RGB2HSV)
    hsv[..., 0] = np.mod(hsv[..., 0] + 360 * hue, 360)
    hsv[..., 1] = np.minimum(hsv[..., 1] * saturation, 1)
    hsv[..., 2] = np.minimum(hsv[..., 2] * value, 1)
    return (cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB) * 255).round().astype(np.uint8)


# %% right="Pillow's hues, 256 to a turn"
def recolour(image, hue=0.0, saturation=1.0, value=1.0):
    h, s, v = (np.asarray(band, float) for band in Image.fromarray(image).convert("HSV").split())
    bands = ((h + 256 * hue) % 256, (s * saturation).clip(0, 255), (v * value).clip(0, 255))
    return np.asarray(Image.merge("HSV", [Image.fromarray(band.astype(np.uint8)) for band in bands]).convert("RGB"))


# %% wrong="clips the hue" hint="should be a purplish red"
def recolour(image, hue=0.0, saturation=1.0, value=1.0):
    h, s, v = cv2.split(cv2.cvtColor(image, cv2.COLOR_RGB2HSV).astype(float))
    h, s, v = (h + hue * 180).clip(0, 179), (s * saturation).clip(0, 255), (v * value).clip(0, 255)
    return cv2.cvtColor(cv2.merge((h, s, v)).astype(np.uint8), cv2.COLOR_HSV2RGB)


# %% wrong="clips the hue at the upper end alone" hint="should not end at the last hue"
def recolour(image, hue=0.0, saturation=1.0, value=1.0):
    h, s, v = cv2.split(cv2.cvtColor(image, cv2.COLOR_RGB2HSV).astype(float))
    h = h + hue * 180
    h = np.where(h < 0, h + 180, np.minimum(h, 179))
    s, v = (s * saturation).clip(0, 255), (v * value).clip(0, 255)
    return cv2.cvtColor(cv2.merge((h, s, v)).astype(np.uint8), cv2.COLOR_HSV2RGB)


# %% wrong="adds to bytes" hint="a byte has no minus sign"
def recolour(image, hue=0.0, saturation=1.0, value=1.0):
    hsv = cv2.cvtColor(image, cv2.COLOR_RGB2HSV)
    hsv[..., 0] = hsv[..., 0] + np.int64(hue * 180).astype(np.uint8)
    hsv[..., 1:] = (hsv[..., 1:] * np.array([saturation, value])).clip(0, 255)
    return cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)


# %% wrong="turns by 360 steps" hint="full turn has 180 steps"
def recolour(image, hue=0.0, saturation=1.0, value=1.0):
    h, s, v = cv2.split(cv2.cvtColor(image, cv2.COLOR_RGB2HSV).astype(float))
    h, s, v = (h + hue * 360) % 180, (s * saturation).clip(0, 255), (v * value).clip(0, 255)
    return cv2.cvtColor(cv2.merge((h, s, v)).astype(np.uint8), cv2.COLOR_HSV2RGB)


# %% wrong="turns by 179 steps, OpenCV's last hue" hint="should bring red back"
def recolour(image, hue=0.0, saturation=1.0, value=1.0):
    h, s, v = cv2.split(cv2.cvtColor(image, cv2.COLOR_RGB2HSV).astype(float))
    h, s, v = (h + hue * 179) % 180, (s * saturation).clip(0, 255), (v * value).clip(0, 255)
    return cv2.cvtColor(cv2.merge((h, s, v)).astype(np.uint8), cv2.COLOR_HSV2RGB)


# %% wrong="takes the picture for BGR" hint="for BGR"
def recolour(image, hue=0.0, saturation=1.0, value=1.0):
    h, s, v = cv2.split(cv2.cvtColor(image, cv2.COLOR_BGR2HSV).astype(float))
    h, s, v = (h + hue * 180) % 180, (s * saturation).clip(0, 255), (v * value).clip(0, 255)
    return cv2.cvtColor(cv2.merge((h, s, v)).astype(np.uint8), cv2.COLOR_HSV2BGR)


# %% wrong="forgets the way back" hint="the way back to RGB is missing"
def recolour(image, hue=0.0, saturation=1.0, value=1.0):
    h, s, v = cv2.split(cv2.cvtColor(image, cv2.COLOR_RGB2HSV).astype(float))
    h, s, v = (h + hue * 180) % 180, (s * saturation).clip(0, 255), (v * value).clip(0, 255)
    return cv2.merge((h, s, v)).astype(np.uint8)


# %% wrong="lets the value overflow" hint="does not fit into a byte"
def recolour(image, hue=0.0, saturation=1.0, value=1.0):
    h, s, v = cv2.split(cv2.cvtColor(image, cv2.COLOR_RGB2HSV).astype(float))
    h, s, v = (h + hue * 180) % 180, (s * saturation).clip(0, 255), (v * value) % 256
    return cv2.cvtColor(cv2.merge((h, s, v)).astype(np.uint8), cv2.COLOR_HSV2RGB)


# %% wrong="lets the saturation overflow" hint="should be full saturation"
def recolour(image, hue=0.0, saturation=1.0, value=1.0):
    h, s, v = cv2.split(cv2.cvtColor(image, cv2.COLOR_RGB2HSV).astype(float))
    h, s, v = (h + hue * 180) % 180, (s * saturation) % 256, (v * value).clip(0, 255)
    return cv2.cvtColor(cv2.merge((h, s, v)).astype(np.uint8), cv2.COLOR_HSV2RGB)


# %% wrong="leaves the value as it is" hint="`value` changes nothing"
def recolour(image, hue=0.0, saturation=1.0, value=1.0):
    h, s, v = cv2.split(cv2.cvtColor(image, cv2.COLOR_RGB2HSV).astype(float))
    h, s = (h + hue * 180) % 180, (s * saturation).clip(0, 255)
    return cv2.cvtColor(cv2.merge((h, s, v)).astype(np.uint8), cv2.COLOR_HSV2RGB)


# %% wrong="leaves the saturation as it is" hint="`saturation` changes nothing"
def recolour(image, hue=0.0, saturation=1.0, value=1.0):
    h, s, v = cv2.split(cv2.cvtColor(image, cv2.COLOR_RGB2HSV).astype(float))
    h, v = (h + hue * 180) % 180, (v * value).clip(0, 255)
    return cv2.cvtColor(cv2.merge((h, s, v)).astype(np.uint8), cv2.COLOR_HSV2RGB)


# %% wrong="gives floats" hint="made of bytes"
def recolour(image, hue=0.0, saturation=1.0, value=1.0):
    h, s, v = cv2.split(cv2.cvtColor(image, cv2.COLOR_RGB2HSV).astype(float))
    h, s, v = (h + hue * 180) % 180, (s * saturation).clip(0, 255), (v * value).clip(0, 255)
    return cv2.cvtColor(cv2.merge((h, s, v)).astype(np.uint8), cv2.COLOR_HSV2RGB) / 255


# %% wrong="writes into the picture it was given" hint="changes the picture it was given"
def recolour(image, hue=0.0, saturation=1.0, value=1.0):
    h, s, v = cv2.split(cv2.cvtColor(image, cv2.COLOR_RGB2HSV).astype(float))
    h, s, v = (h + hue * 180) % 180, (s * saturation).clip(0, 255), (v * value).clip(0, 255)
    image[:] = cv2.cvtColor(cv2.merge((h, s, v)).astype(np.uint8), cv2.COLOR_HSV2RGB)
    return image
