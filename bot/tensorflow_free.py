"""Rasa without TensorFlow, where the model has no part that learns with it.

Rasa imports TensorFlow when it starts, whatever the pipeline is: most of its start, and 350 MB. Ours has only rules and components of
our own. Here stand-ins take the place of the modules before Rasa is imported: classes can be derived from them and functions
decorated by them, which is all that importing needs; what wants to make or run one is told why not. `config.yml` decides: with DIET,
TED or any other of Rasa's learning parts in it, TensorFlow is loaded as ever.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from pathlib import Path
from typing import Any, Iterable, Optional, Sequence

import yaml

# What Rasa 3.6 imports. Others look whether TensorFlow is there (spaCy does): of what is not here they hear that it is not.
STOOD_IN_FOR = frozenset(
    [
        "keras",
        "keras.utils",
        "keras.utils.control_flow_util",
        "keras.utils.tf_utils",
        "tensorflow",
        "tensorflow.keras",
        "tensorflow.keras.backend",
        "tensorflow.keras.callbacks",
        "tensorflow.keras.layers",
        "tensorflow.keras.utils",
        "tensorflow.python",
        "tensorflow.python.eager",
        "tensorflow.python.eager.wrap_function",
        "tensorflow.python.types",
        "tensorflow.python.types.core",
        "tensorflow.types",
        "tensorflow.types.experimental",
    ]
)
WITHOUT = ("bot.", "RulePolicy", "MemoizationPolicy", "AugmentedMemoizationPolicy")  # parts that do not learn with it


def spare_tensorflow(config: Path) -> bool:
    """Puts the stand-ins in place where no part that `config` names needs TensorFlow; whether it did. Call it before Rasa is imported."""
    if "tensorflow" in sys.modules or not all(name.startswith(WITHOUT) for name in parts(config)):
        return False
    sys.meta_path.insert(0, _Finder())
    return True


def parts(config: Path) -> Iterable[str]:
    """The names of the components and policies of a configuration of Rasa; where there are none, Rasa takes its own, which learn."""
    found = yaml.safe_load(config.read_text(encoding="utf-8")) or {}
    return [str(part["name"]) for key in ("pipeline", "policies") for part in found.get(key) or [{"name": "default"}]]


class NotLoaded(RuntimeError):
    """Something needs TensorFlow that the configuration did not name."""


class _StandIn(type):
    """The class of what stands in for anything of TensorFlow: all its parts are of the same kind."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _stand_in(name)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls.__dict__.get("stands_in"):
            # `@tf.function` and the like leave the function as it is; a call at import time gives another stand-in.
            return args[0] if len(args) == 1 and isinstance(args[0], types.FunctionType) else cls
        raise NotLoaded(
            f"{cls.__name__} needs TensorFlow, and no part that config.yml names does: see bot/tensorflow_free.py"
        )


def _stand_in(name: str) -> Any:
    return _StandIn(name, (), {"stands_in": True})


class _Module(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _stand_in(name)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(
        self, name: str, path: Optional[Sequence[str]] = None, target: Optional[types.ModuleType] = None
    ) -> Optional[importlib.machinery.ModuleSpec]:
        if name.split(".")[0] not in STOOD_IN_FOR:
            return None
        if name not in STOOD_IN_FOR:
            raise ModuleNotFoundError(f"{name} is not loaded: see bot/tensorflow_free.py", name=name)
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing to run."""
