#!/usr/bin/env python3
"""Runs models in ONNX Runtime and compares what they answer with what is expected.

    python3 run_layers.py RECORDS

The file is a sequence of records, little-endian: u32 length, UTF-8 name; u32 length, model; u32 batch; for each of the
model's inputs u32 count, f32 values; u32 count, f32 answer. Prints how many agree, or what does not.
"""
import struct
import sys

import numpy as np
import onnxruntime

data = open(sys.argv[1], "rb").read()
place = 0


def count():
    global place
    place += 4
    return struct.unpack_from("<I", data, place - 4)[0]


def content(size=1):
    global place
    length = count() * size
    place += length
    return data[place - length:place]


options = onnxruntime.SessionOptions()
options.log_severity_level = 4
agree, differ = 0, []
while place < len(data):
    name, model, batch = content().decode(), content(), count()
    try:
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        problem = None
    except Exception as error:
        sys.exit(f"{name}: {error}")
    inputs = {port.name: np.frombuffer(content(4), "<f4").reshape(batch, *port.shape[1:]) for port in session.get_inputs()}
    wanted = np.frombuffer(content(4), "<f4")
    try:
        found = session.run(None, inputs)[0].astype("f4").reshape(-1)
        worst = np.abs(found - wanted) / np.maximum(1, np.abs(wanted)) if len(found) == len(wanted) else np.array([np.inf])
        worst[found == wanted] = 0
        problem = None if not np.isnan(worst).any() and worst.max() < 1e-4 else f"differs by {worst.max()}"
    except Exception as error:
        problem = str(error)
    if problem:
        differ.append(f"{name}: {problem}")
    else:
        agree += 1
print(f"{agree} agree" + "".join("\n" + line for line in differ))
sys.exit(1 if differ else 0)
