// Tells ONNX files from what people pass in their place.
import { Failure } from "./failure.ts";

/** Files that are certainly something else get a better sentence than a protobuf reader can give. Throws Failure. */
export function requireOnnx(path: string, bytes: Uint8Array): void {
  if (bytes.length === 0) throw new Failure(`${path}: it is empty`);
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 8));
  if (start.startsWith("HYBT")) throw new Failure(`${path}: it is a hybit model already; give the ONNX file that it was made from`);
  if (start.startsWith("PK")) throw new Failure(`${path}: it is a zip archive or PyTorch file; export the model to ONNX first (torch.onnx.export)`);
  if (start.slice(4) === "TFL3") throw new Failure(`${path}: it is a TensorFlow Lite model; only ONNX is read for now`);
  if (!start.startsWith("\b")) throw new Failure(`${path}: it is not an ONNX file`);
}
