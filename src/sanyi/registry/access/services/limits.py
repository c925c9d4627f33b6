"""权限参数: the dated figures of ``policy/access.yaml``: lock-out, emergency access, keys."""

from pathlib import Path

from sanyi.kernel.yaml_lines import read_yaml

FILE = Path(__file__).resolve().parents[1] / "policy" / "access.yaml"


def limit(name: str) -> int:
    """参数值: a whole number such as ``lock_out_failures_count``, in force today in this county."""
    return int(read_yaml(FILE).plain()[f"registry.access.{name}"]["values"][-1]["value"])
