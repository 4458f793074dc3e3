# Runs one step: python harness.py STEP-FILE RESULTS-FILE [DATA-FILE]
# Each value that the step tells is a line of JSON, written at once: a crash must not lose it.
# Works with Python 3.7 and later, and imports nothing but the standard library.
import json
import math
import sys


def _plain(value):
    """The value in JSON's types; numbers that JSON lacks become words."""
    if isinstance(value, (bool, str)) or value is None:
        return value
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if hasattr(value, "to_pylist"):
        return _plain(value.to_pylist())
    if isinstance(value, (list, tuple, set)):
        return [_plain(v) for v in value]
    if hasattr(value, "__float__"):
        return _plain(float(value))
    return str(value)


def _tell(kind, name, value):
    with open(sys.argv[2], "a", encoding="utf-8") as out:
        out.write(json.dumps([kind, name, _plain(value)]) + "\n")


def show(name, value):
    """Tells a value that people see and checks may use."""
    _tell("show", name, value)


def keep(name, value):
    """Tells a value for checks only."""
    _tell("keep", name, value)


def skip(reason):
    """Ends the step: it cannot be done here, and that is no fault."""
    _tell("skip", "reason", reason)
    sys.exit(0)


def data():
    """The file that --data names, or None."""
    return sys.argv[3] if len(sys.argv) > 3 else None


_GLYPHS = (
    "01110100011001110101110011000101110",
    "00100011000010000100001000010001110",
    "01110100010000100010001000100011111",
    "11111000100010000010000011000101110",
    "00010001100101010010111110001000010",
    "11111100001111000001000011000101110",
    "00110010001000011110100011000101110",
    "11111000010001000100010000100001000",
    "01110100011000101110100011000101110",
    "01110100011000101111000010001001100",
)


def digits(count, seed=1):
    """Images of digits, 28 by 28: rows of 784 numbers from 0 to 1, and what each shows.

    Glyphs of 5 by 7 dots, three pixels a dot, moved about, with noise. The file that --data
    names (MNIST as .npz) is used instead where there is one.
    """
    if data() is not None:
        import numpy

        with numpy.load(data()) as archive:
            images, labels = archive["x_train"][:count], archive["y_train"][:count]
            rows = (images.reshape(len(images), -1) / 255.0).tolist()
            return rows, [int(label) for label in labels]
    import random

    chance = random.Random(seed)
    rows, labels = [], []
    for _ in range(count):
        label = chance.randrange(10)
        glyph = _GLYPHS[label]
        left, top = chance.randrange(2, 12), chance.randrange(1, 6)
        row = [chance.random() * 0.1 for _ in range(784)]
        for dot in range(35):
            if glyph[dot] == "1":
                at = (top + dot // 5 * 3) * 28 + left + dot % 5 * 3
                for y in range(3):
                    for x in range(3):
                        row[at + y * 28 + x] = 0.7 + chance.random() * 0.3
        rows.append(row)
        labels.append(label)
    return rows, labels


def line(count, width, seed=1):
    """Random points, and a weighted sum of each: rows of numbers, and one number a row."""
    import random

    chance = random.Random(seed)
    weights = [chance.uniform(-1, 1) for _ in range(width)]
    rows = [[chance.gauss(0, 1) for _ in range(width)] for _ in range(count)]
    return rows, [sum(w * v for w, v in zip(weights, row)) for row in rows]


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as _file:
        _source = _file.read()
    exec(compile(_source, "<step>", "exec"), globals())
