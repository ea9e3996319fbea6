"""Trains latentwalk's models with PyTorch, under ``torchrun`` on GPUs or on several machines.

The architecture, the settings, the random numbers and the run folder are those of ``latentwalk train``.
"""

__version__ = "0.1.0"
