#!/usr/bin/env python3
"""Writes src/main/resources/models/golden/*.json: what each builtin model gives on its fixed input, computed by
ONNX Runtime on the CPU, without a browser. Needs the built models in target/classes/models:

    python3 -m venv v && v/bin/pip install onnxruntime numpy && v/bin/python src/main/runner/golden.py [ID…]
"""

import hashlib
import json
import pathlib
import sys

import numpy
import onnxruntime

ROOT = pathlib.Path(__file__).resolve().parents[3]
RESOURCES = ROOT / "src/main/resources/models"
MODELS = ROOT / "target/classes/models"
MASK = 0xFFFFFFFF
TYPES = {"float32": numpy.float32, "int64": numpy.int64}


def xorshift32(seed):
    """As in inputs.js."""
    x = seed & MASK
    x = ((x ^ (x >> 16)) * 0x85EBCA6B) & MASK
    x = ((x ^ (x >> 13)) * 0xC2B2AE35) & MASK
    x = (x ^ (x >> 16)) or 0x9E3779B9
    while True:
        x ^= (x << 13) & MASK
        x ^= x >> 17
        x ^= (x << 5) & MASK
        yield x


def triangle(phase):
    p = phase & 65535
    return (p if p < 32768 else 65535 - p) - 16384


def tone(count, numbers):
    for i in range(count):
        noise = (next(numbers) >> 20) - 2048
        yield (2 * triangle(i * 614) + triangle(i * 2867) + triangle(i * 9830) + noise) / 65536


def image(shape):
    batch, channels, height, width = shape
    for _ in range(batch):
        for channel in range(channels):
            for y in range(height):
                for x in range(width):
                    row = y & 31
                    glyph = next(xorshift32((x >> 3) * 131 + (y >> 5) * 65537 + 1))
                    bit = (((row - 8) >> 2) * 3 + ((x & 7) >> 1)) & 31
                    stroke = 8 <= row < 24 and (x & 7) < 6 and (glyph >> bit) & 1
                    value = 24 + 8 * channel if stroke else 192 + (x * 48) // width + 4 * channel
                    yield (value - 128) / 128


def fill(tensor, index, seed):
    numbers = xorshift32(seed + index * 0x9E3779B1)
    shape = tensor["shape"]
    count = int(numpy.prod(shape, dtype=numpy.int64))
    match tensor["fill"]:
        case "zeros":
            values = [0] * count
        case "random":
            values = [(next(numbers) >> 8) / 16777216 for _ in range(count)]
        case "noise":
            values = [((next(numbers) >> 8) - 8388608) / 8388608 for _ in range(count)]
        case "ones":
            values = [1] * count
        case "tone":
            values = list(tone(count, numbers))
        case "image":
            values = list(image(shape))
        case "values":
            values = [tensor["values"][i % len(tensor["values"])] for i in range(count)]
        case other:
            raise ValueError(f"no fill {other}")
    return numpy.array(values, dtype=TYPES[tensor["type"]]).reshape(shape)


def short(value):
    """Nine digits tell any two float32 apart."""
    return float(f"{float(value):.9g}")


def digest(name, array):
    """As in reference.js."""
    flat = array.astype(numpy.float64).ravel()
    positions = [i * 2654435761 % flat.size for i in range(64)] if flat.size > 64 else range(flat.size)
    return {
        "name": name,
        "shape": list(array.shape),
        "values": [short(flat[i]) for i in positions],
        "mean": short(flat.mean()),
        "rms": short(numpy.sqrt((flat * flat).mean())),
        "largest": short(numpy.abs(flat).max()),
        "notFinite": int((~numpy.isfinite(flat)).sum()),
    }


def generate(session, settings):
    """As in generate.js: greedy, the cache fed back, one token at a time after the prompt."""
    names = [i.name for i in session.get_inputs() if i.name.startswith("past")]
    cache = {n: numpy.zeros((1, settings["heads"], 0, settings["headSize"]), numpy.float32) for n in names}
    tokens, margins, past = [], [], 0
    step = settings["prompt"]
    for _ in range(settings["tokens"]):
        length = len(step)
        bias = numpy.zeros((1, 1, length, past + length), numpy.float32)
        for row in range(length):
            bias[0, 0, row, past + row + 1 :] = -10000
        feeds = {
            "input_ids": numpy.array([step], numpy.int64),
            "position_ids": numpy.array([range(past, past + length)], numpy.int64),
            "attention_bias": bias,
            **cache,
        }
        logits, *present = session.run(None, feeds)
        last = logits[0, -1]
        first, second = numpy.sort(last)[::-1][:2]
        margins.append(short(first - second))
        tokens.append(int(last.argmax()))
        cache = dict(zip(names, present))
        past += length
        step = [tokens[-1]]
    return tokens, min(margins), last


def golden(model):
    path = MODELS / model["file"]
    if hashlib.sha256(path.read_bytes()).hexdigest() != model["sha256"]:
        sys.exit(f"{path} is not the file the catalogue describes. Build first.")
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    result = {
        "model": model["id"],
        "sha256": model["sha256"],
        "computedBy": f"onnxruntime {onnxruntime.__version__}, CPU, no browser",
    }
    if "generate" in model:
        tokens, margin, logits = generate(session, model["generate"])
        result |= {"tokens": tokens, "smallestMargin": margin, "outputs": [digest("logits", logits)]}
    else:
        feeds = {t["name"]: fill(t, i, model["seed"]) for i, t in enumerate(model["inputs"])}
        result["inputs"] = {n: hashlib.sha256(a.tobytes()).hexdigest() for n, a in feeds.items()}
        outputs = session.run(None, feeds)
        result["outputs"] = [digest(o.name, a) for o, a in zip(session.get_outputs(), outputs)]
    return result


def compact(result):
    """One line for each field and each output."""
    lines = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in result.items() if key != "outputs"]
    outputs = ",\n".join("  " + json.dumps(output) for output in result["outputs"])
    return "{\n" + ",\n".join(lines) + f',\n "outputs": [\n{outputs}\n ]\n}}'


def main():
    catalogue = json.loads((RESOURCES / "catalogue.json").read_text())
    for model in catalogue["models"]:
        if len(sys.argv) > 1 and model["id"] not in sys.argv[1:]:
            continue
        text = compact(golden(model))
        (RESOURCES / "golden" / f"{model['id']}.json").write_text(text + "\n")
        print(model["id"], len(text), "bytes")


if __name__ == "__main__":
    main()
