"""为什么 (explaining): from one paid case and its rule set to the steps a hospital can check, with clause and value."""

from sanyi.insurance.payment.rules.explaining.steps import explained
from sanyi.insurance.payment.rules.explaining.visits import explained_team, explained_visits
from sanyi.insurance.payment.rules.explaining.writing import Step

__all__ = ["Step", "explained", "explained_team", "explained_visits"]
