"""``python -m latentwalk_torch``: what ``torchrun -m`` starts."""

import sys

from latentwalk_torch.cli import main

sys.exit(main())
