// The page fetches and compiles; the worklet is handed bytes and a module.
const context = new AudioContext();
const fetchBytes = async (path) => (await fetch(path)).arrayBuffer();
const model = await fetchBytes("/node_modules/hybit/models/sketch10-fbin.hybit");
const module = await WebAssembly.compile(await fetchBytes("/node_modules/hybit/dist/wasm/simd.wasm"));
await context.audioWorklet.addModule("worklet.bundle.js");
const scope = new AudioWorkletNode(context, "oscilloscope", { processorOptions: { model, module } });
scope.port.onmessage = ({ data }) => {
  document.querySelector("#answer").textContent = data;
};
const tone = new OscillatorNode(context, { frequency: 400 });
tone.connect(scope).connect(context.destination);
tone.start();
document.querySelector("button").onclick = () => context.resume();
