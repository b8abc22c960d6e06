// Real matrix product, lanes = pixels: dots[f][0..15] += sum over k of w[f][k] * panel[k][0..15].
//
//                     panel row k: 16 pixels, 4 v128
//                   +------+------+------+------+
//      w[f][k]  ->  |  00  |  01  |  02  |  03  |     8 accumulators, 2 splats, 2 more: 12 live v128 of x86's 15
//      w[f+1][k]->  |  10  |  11  |  12  |  13  |
//                   +------+------+------+------+
// Bounds: f32 sums in order of k, one rounding a product: relative error <= depth * 2^-24 of sum |w x|.
import { PANEL_ROW_BYTES } from "../pack/pixels";

/** Add `depth` panel rows to the dots of all filters. With an odd number of filters one more line of dots is written. */
export function addProducts(panel: u32, depth: u32, weights: u32, weightBytes: u32, filters: u32, dots: u32): void {
  for (let f: u32 = 0; f < filters; f += 2) {
    const next = f + 1 < filters ? weights + weightBytes : weights;
    if (ASC_FEATURE_SIMD) {
      addPair(panel, depth, weights, next, dots);
    } else {
      for (let at: u32 = 0; at < PANEL_ROW_BYTES; at += 16) addPairScalar(panel + at, depth, weights, next, dots + at);
    }
    weights += 2 * weightBytes;
    dots += 2 * PANEL_ROW_BYTES;
  }
}

function addPair(panel: u32, depth: u32, w0: u32, w1: u32, dots: u32): void {
  let acc00 = v128.load(dots), acc01 = v128.load(dots, 16), acc02 = v128.load(dots, 32), acc03 = v128.load(dots, 48);
  let acc10 = v128.load(dots, 64), acc11 = v128.load(dots, 80), acc12 = v128.load(dots, 96), acc13 = v128.load(dots, 112);
  for (const end = w0 + (depth << 2); w0 < end; w0 += 4, w1 += 4, panel += PANEL_ROW_BYTES) {
    const f0 = v128.load32_splat(w0);
    const f1 = v128.load32_splat(w1);
    let x = v128.load(panel);
    acc00 = f32x4.add(acc00, f32x4.mul(x, f0));
    acc10 = f32x4.add(acc10, f32x4.mul(x, f1));
    x = v128.load(panel, 16);
    acc01 = f32x4.add(acc01, f32x4.mul(x, f0));
    acc11 = f32x4.add(acc11, f32x4.mul(x, f1));
    x = v128.load(panel, 32);
    acc02 = f32x4.add(acc02, f32x4.mul(x, f0));
    acc12 = f32x4.add(acc12, f32x4.mul(x, f1));
    x = v128.load(panel, 48);
    acc03 = f32x4.add(acc03, f32x4.mul(x, f0));
    acc13 = f32x4.add(acc13, f32x4.mul(x, f1));
  }
  v128.store(dots, acc00);
  v128.store(dots, acc01, 16);
  v128.store(dots, acc02, 32);
  v128.store(dots, acc03, 48);
  v128.store(dots, acc10, 64);
  v128.store(dots, acc11, 80);
  v128.store(dots, acc12, 96);
  v128.store(dots, acc13, 112);
}

/** Four pixels against two filters. */
function addPairScalar(panel: u32, depth: u32, w0: u32, w1: u32, dots: u32): void {
  let acc00 = load<f32>(dots), acc01 = load<f32>(dots, 4), acc02 = load<f32>(dots, 8), acc03 = load<f32>(dots, 12);
  let acc10 = load<f32>(dots, 64), acc11 = load<f32>(dots, 68), acc12 = load<f32>(dots, 72), acc13 = load<f32>(dots, 76);
  for (const end = w0 + (depth << 2); w0 < end; w0 += 4, w1 += 4, panel += PANEL_ROW_BYTES) {
    const f0 = load<f32>(w0);
    const f1 = load<f32>(w1);
    let x = load<f32>(panel);
    acc00 += x * f0;
    acc10 += x * f1;
    x = load<f32>(panel, 4);
    acc01 += x * f0;
    acc11 += x * f1;
    x = load<f32>(panel, 8);
    acc02 += x * f0;
    acc12 += x * f1;
    x = load<f32>(panel, 12);
    acc03 += x * f0;
    acc13 += x * f1;
  }
  store<f32>(dots, acc00);
  store<f32>(dots, acc01, 4);
  store<f32>(dots, acc02, 8);
  store<f32>(dots, acc03, 12);
  store<f32>(dots, acc10, 64);
  store<f32>(dots, acc11, 68);
  store<f32>(dots, acc12, 72);
  store<f32>(dots, acc13, 76);
}
