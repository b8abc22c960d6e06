// On the audio thread, which has no fetch and no timers: an oscilloscope's picture of the sound, classified as a drawing.
// Bundle it: esbuild worklet.js --bundle --format=esm --outfile=worklet.bundle.js
import { loadModel, topK } from "hybit/core";
import { preprocess, rasterize } from "hybit/image";

const POINTS = 64;

class Oscilloscope extends AudioWorkletProcessor {
  #model;

  constructor({ processorOptions: { model, module } }) {
    super();
    loadModel(model, { module }).then((loaded) => {
      this.#model = loaded;
      this.port.postMessage("ready");
    });
  }

  /** Runs every 128 samples; a run of the model takes a tenth of the 2.9 ms between. */
  process([[samples]]) {
    if (!this.#model || !samples) return true;
    const points = Array.from({ length: POINTS }, (_, i) => samples[2 * i]);
    const stroke = [points.map((_, i) => 4 * i), points.map((sample) => 128 - 100 * sample)];
    const input = preprocess(rasterize([stroke]), this.#model);
    this.port.postMessage(topK(this.#model.run({ input }).logits, 1, this.#model.metadata.labels)[0].label);
    return true;
  }
}

registerProcessor("oscilloscope", Oscilloscope);
