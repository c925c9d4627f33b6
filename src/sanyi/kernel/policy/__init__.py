"""政策参数 (policy): what the rules say, as dated, cited values of a jurisdiction, read from YAML.

    book = PolicyBook.load(folder)
    book.value("insurance.grouping.scheme", jurisdiction="140830000000", on=date(2025, 3, 2), asker="grouping.scheme")

See the README of the kernel for the form of the files.
"""

from sanyi.kernel.policy.book import PolicyBook
from sanyi.kernel.policy.jurisdictions import NATION, Jurisdictions, Level
from sanyi.kernel.policy.units import Unit, Units
from sanyi.kernel.policy.values import PolicyKey, PolicyValue

__all__ = ["NATION", "Jurisdictions", "Level", "PolicyBook", "PolicyKey", "PolicyValue", "Unit", "Units"]
