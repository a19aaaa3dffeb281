"""Environment of Rasa and TensorFlow; must be set before they are imported."""

from __future__ import annotations

import os
import warnings

for name, value in {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "CUDA_VISIBLE_DEVICES": "",
}.items():
    os.environ.setdefault(name, value)

warnings.filterwarnings(
    "ignore", category=DeprecationWarning, module=r"(pkg_resources|apscheduler|tensorflow|jax|spacy|rasa)"
)
warnings.filterwarnings(
    "ignore", message=".*Slot auto-fill has been removed"
)  # said for every domain, whatever its slots
