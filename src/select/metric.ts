// The joint metric of Hybrid Binary Networks: M = E + gamma / cost. The paper gives no units (papers page 1.3), so both terms are put between
// 0 and 1 here: E as a share of the largest, 1 / cost as a share of the cheapest layer's. Keeping a layer's input real pays where M is high.

/** inverse: 1 / cost. log: by how many doublings a layer is cheaper than the dearest, as a share of the most; tells layers apart whose costs differ by orders of magnitude. */
export const COST_FORMS = ["inverse", "log"] as const;

export type CostForm = (typeof COST_FORMS)[number];

/** With the errors that the paper's authors logged and MACs for cost, 0.1 gives the layers they chose, for Sketch-A-Net and for ResNet-18. */
export const DEFAULT_GAMMA = 0.1;

/** Score layers by their errors, at least 0, and their costs, above 0, in any unit. */
export function scoreLayers(errors: readonly number[], costs: readonly number[], gamma = DEFAULT_GAMMA, form: CostForm = "inverse"): number[] {
  const [largest, dearest, cheapest] = [Math.max(...errors), Math.max(...costs), Math.min(...costs)];
  const cheapness = (cost: number) => {
    if (form === "inverse") return cheapest / cost;
    return dearest === cheapest ? 0 : Math.log2(dearest / cost) / Math.log2(dearest / cheapest);
  };
  return errors.map((error, index) => (largest === 0 ? 0 : error / largest) + gamma * cheapness(costs[index] as number));
}
