"""A model of any format in both engines, for networks.py: ours reads it as a native checkpoint, ONNX Runtime as ONNX.

Both are made by `latentwalk convert`, unless the file is ONNX itself or another one is named.
"""
import os
import pathlib
import subprocess
import sys

import numpy as np
import onnxruntime

from engine import Ours

WORDS = {"label", "labels", "class", "classes", "y", "c", "onehot"}


def convert(program, source, target, options):
    converter = pathlib.Path(program).with_name("latentwalk")
    done = subprocess.run([converter, "convert", source, target, *options], stderr=subprocess.PIPE, text=True)
    if done.stderr:
        print(done.stderr, end="", file=sys.stderr)
    if done.returncode:
        sys.exit(done.returncode)


class Given:
    """One file in both engines."""
    tolerance = 1e-4

    def __init__(self, file, onnx, options, program, folder, threads):
        native, exported = os.path.join(folder, "model.safetensors"), onnx
        convert(program, file, native, options)
        if exported is None and file.endswith(".onnx"):
            exported = file
        if exported is None:
            exported = os.path.join(folder, "decoder.onnx")
            convert(program, file, exported, options)
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = threads
        settings.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(exported, settings, providers=["CPUExecutionProvider"])
        self.ours = Ours(program, native, threads)
        ports = self.session.get_inputs()
        floats = [port for port in ports if "float" in port.type]
        self.main = next((port for port in floats if port.name in ("z", "latent", "latents")), floats[0])
        self.others = [port for port in ports if port is not self.main]
        # Files that were made for one point are asked for one after the other.
        first = self.main.shape[0] if len(self.main.shape) > 1 else 1
        self.frozen = first if isinstance(first, int) else None
        self.latent = list(self.main.shape[1:]) if len(self.main.shape) > 1 else list(self.main.shape)
        self.latents = int(np.prod(self.latent))
        if self.frozen is None and not self.takes_batches():
            self.frozen = 1

    def takes_batches(self):
        """Whether two points have two answers: some files say that the batch is free, and answer with one picture."""
        try:
            sizes = [sum(np.asarray(answer).size for answer in self.run(count)()[0]) for count in (1, 2)]
        except Exception:
            return False
        return sizes[1] == 2 * sizes[0]

    def points(self, count):
        return ((np.arange(count * self.latents) * 7919 % 601).astype(np.float32) / 100 - 3).reshape(
            count, *self.latent)

    def feeds(self, count):
        """What ONNX Runtime is given for some points, call by call: class 0, and zeros."""
        points = self.points(count)
        size = self.frozen or count
        calls = []
        for start in range(0, count, size):
            z = points[start:start + size]
            rows = len(z)
            if rows < size:
                z = np.concatenate([z, np.repeat(z[-1:], size - rows, axis=0)])
            feed = {self.main.name: z.reshape([size if index == 0 and len(self.main.shape) > 1 else extent
                                               for index, extent in enumerate(self.main.shape)])}
            for port in self.others:
                shape = [extent if isinstance(extent, int) else size for extent in port.shape]
                feed[port.name] = np.zeros(shape, np.int64 if "int64" in port.type else np.float32)
                if port.name.lower() in WORDS and "float" in port.type:
                    feed[port.name][..., 0] = 1
            calls.append(feed)
        return calls

    def run(self, count):
        """What answers `count` points, as a call without arguments."""
        calls = self.feeds(count)
        return lambda: [self.session.run(None, feed) for feed in calls]

    def difference(self, count):
        """The largest between both engines' numbers."""
        ours = np.array(self.ours.ask("outputs", count).split(), dtype=np.float32)
        answers = self.run(count)()
        # The picture is the largest answer.
        place = max(range(len(answers[0])), key=lambda index: answers[0][index].size)
        theirs = np.concatenate([np.asarray(answer[place], np.float32).reshape(-1) for answer in answers])[:ours.size]
        if answers[0][place].dtype == np.uint8:
            # Of bytes a step is the least difference there is.
            self.tolerance = 1 / 255 + 1e-6
            ours, theirs = ours / 255, theirs / 255
        if theirs.size != ours.size:
            return float("inf")
        straight = np.abs(ours - theirs).max()
        for channels in (3, 4):
            if ours.size % (count * channels) == 0:
                last = theirs.reshape(count, -1, channels).transpose(0, 2, 1).reshape(-1)
                straight = min(straight, np.abs(ours - last).max())
        return straight
