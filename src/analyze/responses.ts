// How many different answers a binary filter gives to binary inputs, counted by how often they come: 2 to the entropy of its response when inputs
// are +1 and -1 with equal chance. A sign filter of n weights counts n differing places; one of two levels counts those among its K high and
// its n - K low weights apart, two numbers that are independent, so their answers multiply.

/** From here on the entropy of a binomial count is that of the normal distribution, to 1e-4 bits. */
const NORMAL_FROM = 2000;

/** Of a filter of `n` weights +-alpha. */
export function countSignResponses(n: number): number {
  return 2 ** entropyOfCount(n);
}

/** Of a filter of `n` weights, `high` of them at one level. */
export function countTwoLevelResponses(n: number, high: number): number {
  return 2 ** (entropyOfCount(high) + entropyOfCount(n - high));
}

/** Entropy, in bits, of how many of n fair coins show heads. */
function entropyOfCount(n: number): number {
  if (n === 0) return 0;
  if (n >= NORMAL_FROM) return 0.5 * Math.log2((Math.PI * Math.E * n) / 2);
  let logShare = -n * Math.LN2; // of no heads
  let entropy = 0;
  for (let heads = 0; heads <= n; heads++) {
    entropy -= Math.exp(logShare) * logShare;
    logShare += Math.log((n - heads) / (heads + 1));
  }
  return entropy / Math.LN2;
}
