// Which layers stay real when there is a limit to what that may cost, or to what may be lost: sets with the largest sum of gains for their price.
// Beyond the paper, whose partition knows no limit.

export interface Choice {
  /** Indices of the items. */
  chosen: number[];
  gain: number;
  price: number;
}

/** Of choices whose prices fall into one step of this share of their sum, the one with the most gain stays: that bounds how many there are. */
const GRAIN = 1e-4;

/**
 * List the choices that no other beats: cheapest first, each with more gain than the one before. Gains of items add up. The method is that of
 * Nemhauser and Ullmann (Management Science 15/9, 1969): item by item, the front with it is merged with the front without.
 */
export function listBestChoices(gains: readonly number[], prices: readonly number[]): Choice[] {
  const grain = GRAIN * prices.reduce((a, b) => a + b, 0);
  const stepOf = ({ price }: Choice) => Math.floor(price / grain);
  let front: Choice[] = [{ chosen: [], gain: 0, price: 0 }];
  gains.forEach((gain, item) => {
    const price = prices[item] as number;
    const added = front.map((choice): Choice => ({ chosen: [...choice.chosen, item], gain: choice.gain + gain, price: choice.price + price }));
    const both = [...front, ...added].sort((a, b) => a.price - b.price || b.gain - a.gain);
    front = [];
    for (const choice of both) {
      const last = front.at(-1);
      if (last !== undefined && choice.gain <= last.gain) continue;
      if (last !== undefined && stepOf(choice) === stepOf(last) && last.price > 0) front.pop();
      front.push(choice);
    }
  });
  return front;
}

/** Take the choice with the most gain whose price is within the budget; the first, if none is. */
export function chooseWithin(choices: readonly Choice[], budget: number): Choice {
  return choices.findLast(({ price }) => price <= budget) ?? (choices[0] as Choice);
}

/** Take the cheapest choice that leaves no more than `loss` of all gains behind; the dearest, if none does. */
export function chooseWithLoss(choices: readonly Choice[], loss: number): Choice {
  const all = choices.at(-1) as Choice;
  return choices.find(({ gain }) => all.gain - gain <= loss) ?? all;
}
