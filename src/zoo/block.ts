// What the papers' networks are made of: a layer with all that goes with it, in the order that its kind wants.

import type { LayerKind } from "../ops/layer-kind.ts";
import type { ConvOptions, Net, Signal } from "./net.ts";
import type { NetPlan } from "./plan.ts";

/** Binary inputs: batch-norm, sign, convolution. Real inputs: convolution, batch-norm. */
export function addConv(net: Net, name: string, x: Signal, options: ConvOptions): Signal {
  const y = net.conv(name, addSigns(net, name, x, options.kind), options);
  return options.kind === "FBin" ? y : net.norm(`${name}.norm`, y);
}

export function addConvRelu(net: Net, name: string, x: Signal, options: ConvOptions): Signal {
  return net.relu(`${name}.relu`, addConv(net, name, x, options));
}

/** The dense layer that ends a net. */
export function addClassifier(net: Net, name: string, x: Signal, { last: kind, classes }: NetPlan): Signal {
  return net.dense(name, addSigns(net, name, x, kind), { kind, filters: classes, hasBias: true });
}

/** What a layer with binary inputs reads instead of `x`. */
export function addSigns(net: Net, name: string, x: Signal, kind: LayerKind): Signal {
  return kind === "FBin" ? net.sign(`${name}.sign`, net.norm(`${name}.norm`, x)) : x;
}
