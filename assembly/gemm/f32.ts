// Real matrix product, lanes = pixels: dots[f][0..15] += sum over k of w[f][k] * panel[k][0..15].
//
//                     panel row k: 16 pixels, 4 v128
//                   +------+------+------+------+
//      w[f][k]  ->  |  00  |  01  |  02  |  03  |     8 accumulators, 2 splats, 2 more: 12 live v128 of x86's 15
//      w[f+1][k]->  |  10  |  11  |  12  |  13  |     panels of 12 pixels go without the last column
//                   +------+------+------+------+
// Bounds: f32 sums in order of k, one rounding a product: relative error <= depth * 2^-24 of sum |w x|.
import { PANEL_ROW_BYTES, TILE_PIXELS, widthOf, WINDOWS_BYTES } from "../pack/pixels";

/**
 * Add `depth` rows of `panels` panels to the dots of all filters, or, `isFirst`, begin them. Panels are `panelBytes` apart and as wide as their
 * `windows` say, the dots of a panel follow those of the one before, and filters are `dotBytes` apart. With an odd number of filters one
 * more line of dots is written.
 */
export function addProducts(
  panel: u32, panelBytes: u32, windows: u32, panels: u32, depth: u32, weights: u32, weightBytes: u32, filters: u32, dots: u32, dotBytes: u32, isFirst: bool,
): void {
  for (let f: u32 = 0; f < filters; f += 2) {
    const next = f + 1 < filters ? weights + weightBytes : weights;
    let to = dots;
    for (let i: u32 = 0; i < panels; i++) {
      const from = panel + i * panelBytes;
      const width = widthOf(windows + i * WINDOWS_BYTES);
      if (ASC_FEATURE_SIMD) {
        if (width == TILE_PIXELS) addPair16(from, depth, weights, next, to, to + dotBytes, isFirst);
        else addPair12(from, depth, weights, next, to, to + dotBytes, isFirst);
      } else {
        for (let at: u32 = 0; at < width << 2; at += 16) addPairScalar(from + at, depth, weights, next, to + at, to + at + dotBytes, isFirst);
      }
      to += width << 2;
    }
    weights += 2 * weightBytes;
    dots += 2 * dotBytes;
  }
}

function addPair16(panel: u32, depth: u32, w0: u32, w1: u32, dots0: u32, dots1: u32, isFirst: bool): void {
  let acc00 = f32x4.splat(0), acc01 = acc00, acc02 = acc00, acc03 = acc00;
  let acc10 = acc00, acc11 = acc00, acc12 = acc00, acc13 = acc00;
  if (!isFirst) {
    acc00 = v128.load(dots0);
    acc01 = v128.load(dots0, 16);
    acc02 = v128.load(dots0, 32);
    acc03 = v128.load(dots0, 48);
    acc10 = v128.load(dots1);
    acc11 = v128.load(dots1, 16);
    acc12 = v128.load(dots1, 32);
    acc13 = v128.load(dots1, 48);
  }
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
  v128.store(dots0, acc00);
  v128.store(dots0, acc01, 16);
  v128.store(dots0, acc02, 32);
  v128.store(dots0, acc03, 48);
  v128.store(dots1, acc10);
  v128.store(dots1, acc11, 16);
  v128.store(dots1, acc12, 32);
  v128.store(dots1, acc13, 48);
}

function addPair12(panel: u32, depth: u32, w0: u32, w1: u32, dots0: u32, dots1: u32, isFirst: bool): void {
  let acc00 = f32x4.splat(0), acc01 = acc00, acc02 = acc00, acc10 = acc00, acc11 = acc00, acc12 = acc00;
  if (!isFirst) {
    acc00 = v128.load(dots0);
    acc01 = v128.load(dots0, 16);
    acc02 = v128.load(dots0, 32);
    acc10 = v128.load(dots1);
    acc11 = v128.load(dots1, 16);
    acc12 = v128.load(dots1, 32);
  }
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
  }
  v128.store(dots0, acc00);
  v128.store(dots0, acc01, 16);
  v128.store(dots0, acc02, 32);
  v128.store(dots1, acc10);
  v128.store(dots1, acc11, 16);
  v128.store(dots1, acc12, 32);
}

/** Four pixels against two filters. */
function addPairScalar(panel: u32, depth: u32, w0: u32, w1: u32, dots0: u32, dots1: u32, isFirst: bool): void {
  if (isFirst) {
    memory.fill(dots0, 0, 16);
    memory.fill(dots1, 0, 16);
  }
  let acc00 = load<f32>(dots0), acc01 = load<f32>(dots0, 4), acc02 = load<f32>(dots0, 8), acc03 = load<f32>(dots0, 12);
  let acc10 = load<f32>(dots1), acc11 = load<f32>(dots1, 4), acc12 = load<f32>(dots1, 8), acc13 = load<f32>(dots1, 12);
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
  store<f32>(dots0, acc00);
  store<f32>(dots0, acc01, 4);
  store<f32>(dots0, acc02, 8);
  store<f32>(dots0, acc03, 12);
  store<f32>(dots1, acc10);
  store<f32>(dots1, acc11, 4);
  store<f32>(dots1, acc12, 8);
  store<f32>(dots1, acc13, 12);
}
