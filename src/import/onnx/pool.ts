// Pools over one, two or three axes. Maxima and means over boxes are maxima and means over planes, then along the third axis.
import { Composer } from "./compose.ts";
import type { Context } from "./context.ts";
import type { OnnxNode } from "./node.ts";
import { POINT, readSides, type Side, toWindow } from "./window.ts";

/** Pool input 0; `add` pools a value [N,C,H,W] by a window. */
export function pool(node: OnnxNode, context: Context, add: (x: number, window: ReturnType<typeof toWindow>) => number): number {
  const x = context.value(node, 0);
  const shape = context.shape(x);
  const sides = readSides(node, shape, node.ints("kernel_shape") ?? []);
  const composer = new Composer(node, context);
  const [batch = 1, channels = 1, ...axes] = shape;
  if (sides.length === 2) return add(x, toWindow(sides[0] as Side, sides[1] as Side));
  if (sides.length === 1) {
    const pooled = add(composer.reshape(x, [batch, channels, 1, axes[0] as number]), toWindow(POINT, sides[0] as Side));
    return composer.reshape(pooled, [batch, channels, context.shape(pooled)[3] as number]);
  }
  if (sides.length !== 3) throw node.unsupported(`pools over ${sides.length} axes`, "one, two and three are supported");
  const [depth, height, width] = axes as [number, number, number];
  const planes = add(composer.reshape(x, [batch, channels * depth, height, width]), toWindow(sides[1] as Side, sides[2] as Side));
  const [, , rows = 1, columns = 1] = context.shape(planes);
  const pooled = add(composer.reshape(planes, [batch, channels, depth, rows * columns]), toWindow(sides[0] as Side, POINT));
  return composer.reshape(pooled, [batch, channels, context.shape(pooled)[2] as number, rows, columns]);
}
