"""总额打包 (consortium package): budget, advance, pre-settlement, clearing, sharing; the pure part."""

from sanyi.insurance.package.jobs import canonical, charge, clear_year, rows_of
from sanyi.insurance.package.rules.package_rules import PackageRules

__all__ = ["PackageRules", "canonical", "charge", "clear_year", "rows_of"]
