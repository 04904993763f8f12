"""The cheapest cover as a textbook would write it: an integer program, solved to the end."""

from collections.abc import Mapping

import highspy


def optimum(task: Mapping[str, object]) -> tuple[int, int]:
    """Units served, and their least cost."""
    several = _solved(task, single=False)
    if task["part_worth"] and task["parts"]:
        alone = _solved(task, single=True)
        return min(several, alone, key=lambda each: (-each[0], each[1]))
    return several


def _solved(task: Mapping[str, object], *, single: bool) -> tuple[int, int]:
    model = highspy.Highs()
    model.silent()
    model.setOptionValue("threads", 1)
    model.setOptionValue("mip_rel_gap", 0.0)
    model.setOptionValue("mip_abs_gap", 0.5)
    wanted, grams, worth = task["wanted"], task["grams"], task["worth"]
    served = {sku: [] for sku in wanted}
    used, costs = [], []
    for site in task["sites"]:
        uses = model.addBinary()
        used.append(uses)
        costs.append(uses * (site.opening + task["split"]))
        sent = {}
        for sku, units in wanted.items():
            most = min(units, site.free.get(sku, 0))
            if most:
                sent[sku] = model.addIntegral(lb=0, ub=most)
                model.addConstr(sent[sku] <= uses * most)
                served[sku].append(sent[sku])
                if site.risk_free is not None and site.risk:
                    risked = model.addVariable(lb=0)
                    model.addConstr(risked >= sent[sku] - site.risk_free.get(sku, 0))
                    costs.append(risked * site.risk)
        if not sent:
            continue
        if not single and task["part_worth"]:
            value = sum(each * worth.get(sku, 0) for sku, each in sent.items())
            model.addConstr(value >= uses * task["part_worth"])
        heaviest = sum(wanted[sku] * grams.get(sku, 0) for sku in wanted)
        low, steps, weights = 0, [], []
        for step in site.tariff.brackets(heaviest):
            chosen, weight = model.addBinary(), model.addVariable(lb=0)
            up = min(step.up_to_g, heaviest)
            model.addConstr(weight <= chosen * up)
            model.addConstr(weight >= chosen * low)
            costs.append(chosen * step.cost)
            steps.append(chosen)
            weights.append(weight)
            low = step.up_to_g + 1
        model.addConstr(sum(steps) == uses)
        model.addConstr(sum(weights) == sum(each * grams.get(sku, 0) for sku, each in sent.items()))
    if used:
        model.addConstr(sum(used) <= (min(1, task["parts"]) if single else task["parts"]))
    every = [each for row in served.values() for each in row]
    if not every:
        return 0, 0
    for sku, row in served.items():
        if row:
            model.addConstr(sum(row) <= wanted[sku])
    model.maximize(sum(every))
    units = round(model.getInfo().objective_function_value)
    if task["is_whole"] and units < sum(wanted.values()):
        return 0, 0
    if not units:
        return 0, 0
    model.addConstr(sum(every) >= units)
    model.minimize(sum(costs))
    assert model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return units, round(model.getInfo().objective_function_value) - task["split"]
