"""A slow judge of three checks of coding: voided complications, MDCs of a main diagnosis, fits of an operation.

Written from the description of CHS-DRG and the tables alone, with the plain interpreter of schemes beside it; it shares
no code with the topic. Codes are texts, and every rule of a scheme is read anew for every question.
"""

from typing import Any

from tests.oracles.grouping import Scheme, code_lists, conditions

Atom = dict[str, Any]
MAIN_FIELDS = ("dx_main", "dx_any")
ABOUT_DIAGNOSES = ("dx_main", "dx_any", "dx_secondary", "mcc", "cc", "trauma_sites")


def voided(scheme: Scheme, dx: list[str]) -> list[tuple[int, str, int]]:
    """(position from 1, mcc or cc, exclusion table) of every other diagnosis that its exclusion table switches off."""
    found = []
    for place in range(1, len(dx)):
        for level, table in (("mcc", scheme.mcc), ("cc", scheme.cc)):
            if dx[place] in table and dx[0] in scheme.exclusion and table[dx[place]] == scheme.exclusion[dx[0]]:
                found.append((place + 1, level, table[dx[place]]))
    return found


def mdcs_of_main(scheme: Scheme, code: str) -> list[str]:
    """MDCs, in order, whose gate names a list that holds the code."""
    found = []
    for mdc in scheme.mdcs:
        for clause in conditions()[mdc["gate_cond_id"]]:
            for atom in clause:
                if atom["field"] in MAIN_FIELDS and atom["op"] == "in" and code in code_lists()[atom["list_id"]]:
                    found.append(mdc["mdc"])
    return list(dict.fromkeys(found))


def fits(scheme: Scheme, stay: dict[str, Any]) -> tuple[dict[str, list[str]], list[str]]:
    """Surgical ADRGs by MDC that the procedures fit, and MDCs that take any valid operation.

    ``stay`` has the grouper's numbers and ``px`` as a list of texts, the operation in question first.
    """
    by_mdc: dict[str, list[str]] = {}
    any_operation = []
    for mdc in scheme.mdcs:
        if not any(holds(scheme, clause, stay) for clause in conditions()[mdc["gate_cond_id"]]):
            continue
        for rule in scheme.rules.get(mdc["mdc"], []):
            if rule["kind"] == "qy" or rule["part"] != "surgical":
                continue
            for clause in conditions()[rule["cond_id"]]:
                tests = [atom for atom in clause if atom["field"].startswith("px_")]
                if not tests or not holds(scheme, clause, stay):
                    continue
                if any(atom["op"] == "in" for atom in tests):
                    by_mdc.setdefault(mdc["mdc"], []).append(rule["adrg"])
                elif all(atom["op"] in ("in_valid", "not_in_valid") for atom in tests):
                    any_operation.append(mdc["mdc"])
    return {mdc: list(dict.fromkeys(adrgs)) for mdc, adrgs in by_mdc.items()}, list(dict.fromkeys(any_operation))


def holds(scheme: Scheme, clause: list[Atom], stay: dict[str, Any]) -> bool:
    """Whether every test of the clause that is not about diagnoses is true."""
    return all(scheme_test(scheme, atom, stay) for atom in clause if atom["field"] not in ABOUT_DIAGNOSES)


def scheme_test(scheme: Scheme, atom: Atom, stay: dict[str, Any]) -> bool:
    if atom["field"] == "const":
        return bool(atom["op"] == "true")
    if atom["field"].startswith("px_"):
        return procedure_test(scheme, atom, stay["px"])
    if atom["field"] == "leaving":
        return (stay["leaving"] or "") in atom["value"].split("|")
    if atom["field"] == "dept":
        return bool(stay["dept"] == atom["value"])
    number = stay[atom["field"]]
    if number is None:
        return False
    if atom["op"] == "nonzero":
        return bool(number != 0)
    limit = int(atom["value"])
    if atom["op"] in ("<", "<="):
        return bool(number < limit or (atom["op"] == "<=" and number == limit))
    if atom["op"] in (">", ">="):
        return bool(number > limit or (atom["op"] == ">=" and number == limit))
    return bool(number == limit)


def procedure_test(scheme: Scheme, atom: Atom, px: list[str]) -> bool:
    wanted = scheme.valid if atom["op"].endswith("valid") else code_lists()[atom["list_id"]]
    asked = {"px_main": px[:1], "px_any": px, "px_secondary": px[1:]}[atom["field"]]
    is_hit = any(code in wanted for code in asked)
    if atom["op"] in ("in", "in_valid"):
        return is_hit
    return not is_hit
