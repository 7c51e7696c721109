"""The kinds of arrays that the module speaks of, for whoever reads or checks types.

`Real`: float32 or float64, a waveform, magnitudes or a mask. `Complex`: complex64 or complex128, a spectrogram.
`Frames`: whole numbers, indices of frames or samples.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Real = NDArray[np.floating[Any]]
Complex = NDArray[np.complexfloating[Any, Any]]
Frames = NDArray[np.int64]
