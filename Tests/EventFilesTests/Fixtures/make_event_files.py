#!/usr/bin/env python3
"""Makes the event files beside it, as others write them:

torch.tfevents       torch.utils.tensorboard: simple values
torch-new.tfevents   the same with new_style=True: tensors, the number in a list
tensors.tfevents     tensors as TensorFlow 2 writes them, the number as bytes; other types of numbers; and what is no
                     scalar: a text, a histogram, a picture, a graph

Needs torch and tensorboard. File names and times are made the same for every run.
"""
import pathlib
import shutil
import tempfile

import numpy
from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, tensor_shape_pb2, types_pb2
from tensorboard.summary.writer.record_writer import RecordWriter
from torch.utils.tensorboard import SummaryWriter

HERE = pathlib.Path(__file__).resolve().parent


def torch_file(name, **options):
    with tempfile.TemporaryDirectory() as folder:
        writer = SummaryWriter(folder)
        for step in range(5):
            writer.add_scalar("loss/train", 200 - 10.5 * step, step * 100, walltime=1.7e9 + step, **options)
            writer.add_scalar("loss/validation", 210 - 10.25 * step, step * 100, walltime=1.7e9 + step, **options)
        writer.close()
        shutil.copy(next(pathlib.Path(folder).iterdir()), HERE / name)


def tensor(number, dtype, data_type):
    return tensor_pb2.TensorProto(
        dtype=data_type, tensor_shape=tensor_shape_pb2.TensorShapeProto(), tensor_content=numpy.array(number, dtype).tobytes()
    )


def tensors_file():
    scalars = summary_pb2.SummaryMetadata(
        plugin_data=summary_pb2.SummaryMetadata.PluginData(plugin_name="scalars"),
        data_class=summary_pb2.DATA_CLASS_SCALAR,
    )
    histograms = summary_pb2.SummaryMetadata(
        plugin_data=summary_pb2.SummaryMetadata.PluginData(plugin_name="histograms")
    )
    with open(HERE / "tensors.tfevents", "wb") as file:
        writer = RecordWriter(file)

        def write(step, *values, **more):
            summary = {"summary": summary_pb2.Summary(value=values)} if values else {}
            writer.write(event_pb2.Event(wall_time=1.7e9 + step, step=step, **summary, **more).SerializeToString())

        def value(tag, metadata=scalars, **more):
            return summary_pb2.Summary.Value(tag=tag, metadata=metadata, **more)

        write(0, file_version="brain.Event:2")
        write(0, graph_def=b"\x0a\x00" * 300)
        write(1, value("float32", tensor=tensor(1.5, "<f4", types_pb2.DT_FLOAT)))
        write(2, value("float64", tensor=tensor(0.1, "<f8", types_pb2.DT_DOUBLE)))
        write(3, value("int32", tensor=tensor(-7, "<i4", types_pb2.DT_INT32)))
        write(4, value("int64", tensor=tensor(1 << 40, "<i8", types_pb2.DT_INT64)))
        write(5, value("float16", tensor=tensor(-0.25, "<f2", types_pb2.DT_HALF)))
        write(6, value("bfloat16", tensor=tensor(0x4049, "<u2", types_pb2.DT_BFLOAT16)))
        text = tensor_pb2.TensorProto(dtype=types_pb2.DT_STRING, string_val=[b"hello"])
        several = tensor_pb2.TensorProto(
            dtype=types_pb2.DT_FLOAT,
            tensor_shape=tensor_shape_pb2.TensorShapeProto(dim=[tensor_shape_pb2.TensorShapeProto.Dim(size=3)]),
            float_val=[1, 2, 3],
        )
        write(7, value("text", tensor=text), value("several", tensor=several))
        write(8, value("histogram", histograms, tensor=tensor(1.0, "<f4", types_pb2.DT_FLOAT)))
        picture = summary_pb2.Summary.Image(height=1, width=1, colorspace=1, encoded_image_string=b"\x89PNG" * 100)
        write(9, value("picture", None, image=picture), value("beside", None, simple_value=2.5))
        write(10, value("not finite", None, simple_value=float("nan")))
        writer.flush()


torch_file("torch.tfevents")
torch_file("torch-new.tfevents", new_style=True)
tensors_file()
