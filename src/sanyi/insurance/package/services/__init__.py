"""总额打包服务: the six unifications and their gate."""

from sanyi.insurance.package.services import unification

__all__ = ["unification"]
