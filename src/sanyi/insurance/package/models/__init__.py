"""总额打包模型: what is decided about the packaged fund, and the six unifications of each group."""

from sanyi.insurance.package.models.unification import UnificationState

__all__ = ["UnificationState"]
