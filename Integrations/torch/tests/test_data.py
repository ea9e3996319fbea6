"""Images from files."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy
import pytest
from conftest import pixels, write_idx

from latentwalk_torch import data
from latentwalk_torch.errors import Exit, LatentwalkError


@pytest.mark.parametrize(
    "name",
    ["train-images-idx3-ubyte", "train-images-idx3-ubyte.gz", "train-images.idx3-ubyte", "train-images.idx3-ubyte.gz"],
)
def test_a_folder_of_idx_files_is_read(tmp_path: Path, name: str) -> None:
    write_idx(tmp_path / name, pixels())
    images = data.load(str(tmp_path))
    assert images.shape == (1, 8, 8)
    assert numpy.array_equal(images.pixels[:, 0], pixels())
    assert numpy.array_equal(data.load(str(tmp_path), limit=7).pixels[:, 0], pixels()[:7])
    batch = images.batch(numpy.array([3, 1]))
    assert numpy.array_equal(batch[:, 0].numpy(), pixels()[[3, 1]].astype("f4") / numpy.float32(255))


def test_a_known_data_set_is_found_where_the_program_looks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mnist").mkdir()
    write_idx(tmp_path / "mnist" / "t10k-images-idx3-ubyte.gz", pixels())
    monkeypatch.setenv("LATENTWALK_DATA", str(tmp_path))
    assert len(data.load("mnist", "test")) == 60


def test_arrays_are_read_with_or_without_channels(tmp_path: Path) -> None:
    gray = pixels(5)
    color = numpy.stack([gray, gray // 2, gray // 3], axis=-1)
    for name, array in (("gray", gray), ("column", gray[..., None]), ("color", color), ("float", color / 255.0)):
        numpy.save(tmp_path / f"{name}.npy", array)
    numpy.savez(tmp_path / "one.npz", gray)
    numpy.savez_compressed(tmp_path / "named.npz", images=gray, labels=numpy.arange(5))
    labels = {"y_train": numpy.arange(5), "y_test": numpy.arange(5)}
    numpy.savez(tmp_path / "keras.npz", x_train=gray, x_test=gray[:2], **labels)
    numpy.savez(tmp_path / "capital.npz", X_train=gray, Y_train=labels["y_train"])
    numpy.savez(tmp_path / "turned.npz", test_images=gray[:2], train_images=gray)
    loaded = {path.name: data.load(str(path)) for path in tmp_path.iterdir()}
    for name in ("gray.npy", "column.npy", "one.npz", "named.npz", "keras.npz", "capital.npz", "turned.npz"):
        assert numpy.array_equal(loaded[name].pixels, gray[:, None]), name
    assert numpy.array_equal(loaded["color.npy"].pixels, color.transpose(0, 3, 1, 2))
    assert len(data.load(str(tmp_path / "keras.npz"), "test")) == 2
    assert loaded["float.npy"].shape == (3, 8, 8)
    assert loaded["float.npy"].batch(range(2)).max() <= 1


def _refused(source: object, sentence: str, exit: Exit = Exit.DATA_ERROR) -> None:
    with pytest.raises(LatentwalkError) as caught:
        data.load(str(source))
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.exit == exit


def test_what_is_no_data_set_gets_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _refused(tmp_path / "nowhere", "there is no data set", Exit.NO_INPUT)
    _refused(tmp_path, "has no train-images-idx3-ubyte", Exit.NO_INPUT)
    (tmp_path / "x.csv").write_text("1,2")
    _refused(tmp_path / "x.csv", "is no data set", Exit.NO_INPUT)
    for variable in ("LATENTWALK_DATA", "XDG_CACHE_HOME", "XDG_DATA_DIRS"):
        monkeypatch.setenv(variable, str(tmp_path))
    _refused("fashion-mnist", "get it by `latentwalk data fetch fashion-mnist`", Exit.NO_INPUT)


def test_damaged_idx_files_get_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "train-images-idx3-ubyte"
    write_idx(path, pixels())
    whole = path.read_bytes()
    for content, sentence in (
        (b"\x00\x00\x08", "is no IDX file of images"),
        (b"\x00\x00\x0d\x03" + whole[4:], "is no IDX file of images"),
        (whole[:-1], "ends after 3839 of 3840 pixels"),
        (whole + b"x", "goes on after its 3840 pixels"),
        (whole[:4] + b"\xff" * 12 + whole[16:], "says that it holds 4294967295×4294967295×4294967295 pixels"),
        (whole[:4] + bytes(12), "says that it holds 0×0×0 pixels"),
    ):
        path.write_bytes(content)
        _refused(tmp_path, sentence)
    path.unlink()
    packed = tmp_path / "train-images-idx3-ubyte.gz"
    packed.write_bytes(gzip.compress(whole)[:-30])
    _refused(tmp_path, "is no whole gzip file")
    packed.write_bytes(whole)
    _refused(tmp_path, "is no whole gzip file")


def test_damaged_arrays_get_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x.npy"
    for array, sentence in (
        (pixels().astype("i8"), "holds int64, not bytes or floats"),
        (pixels() * 1.0, "has values from 0 to 254: they must lie in 0…1, or be bytes"),
        (numpy.full((2, 3, 3), numpy.nan), "has values from nan to nan"),
        (pixels()[0], "is 8×8: it must be count × height × width"),
        (numpy.zeros((0, 3, 3), "u1"), "is 0×3×3"),
        (numpy.zeros((2, 5, 5, 7), "u1"), "is 2×5×5×7"),
    ):
        numpy.save(path, array)
        _refused(path, sentence)
    numpy.save(path, numpy.array([{}], dtype=object), allow_pickle=True)
    _refused(path, "is no array that NumPy reads without unpickling")
    path.write_bytes(b"NUMPY")
    _refused(path, "is no array")
    numpy.savez(tmp_path / "x.npz", a=pixels(), b=pixels())
    _refused(tmp_path / "x.npz", "has no images for train: call the array images (there is a, b)")
    numpy.savez(tmp_path / "x.npz", x_test=pixels(), images=pixels())
    _refused(tmp_path / "x.npz", "has no images for train: call the array x_train (there is images, x_test)")
