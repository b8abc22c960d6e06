// FlexBuffers, as far as Larq's operators need them: a map of names to whole numbers. Widths of 1 to 8 bytes, signed, unsigned and bool.
import { LoadError } from "../../graph/errors.ts";

const [INT, UINT, INDIRECT_INT, INDIRECT_UINT, MAP, BOOL] = [1, 2, 6, 7, 9, 26];

/** Read a map. Throws LoadError. */
export function readFlexMap(bytes: Uint8Array, place: string): Map<string, number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const damaged = (what: string) => new LoadError("invalid", `the options of ${place} ${what}; the file is damaged, get it again`);
  const read = (at: number, width: number, isSigned = false): number => {
    if (!(at >= 0 && at + width <= bytes.length)) throw damaged("end too early");
    switch (width) {
      case 1:
        return isSigned ? view.getInt8(at) : view.getUint8(at);
      case 2:
        return isSigned ? view.getInt16(at, true) : view.getUint16(at, true);
      case 4:
        return isSigned ? view.getInt32(at, true) : view.getUint32(at, true);
      default:
        return Number(isSigned ? view.getBigInt64(at, true) : view.getBigUint64(at, true));
    }
  };
  // The last bytes: the root, its packed type, its width.
  const rootWidth = bytes[bytes.length - 1] as number;
  const rootType = bytes[bytes.length - 2] as number;
  if (bytes.length < 3 || ![1, 2, 4, 8].includes(rootWidth) || rootType >> 2 !== MAP) throw damaged("are no map");
  const width = 1 << (rootType & 3);
  const rootAt = bytes.length - 2 - rootWidth;
  const values = rootAt - read(rootAt, rootWidth);
  const count = read(values - width, width);
  if (count > bytes.length) throw damaged(`say that they are ${count}`);
  const keysAt = values - 3 * width;
  const keys = keysAt - read(keysAt, width);
  const keyWidth = read(values - 2 * width, width);
  if (![1, 2, 4, 8].includes(keyWidth)) throw damaged("have names of no width");
  const found = new Map<string, number>();
  for (let index = 0; index < count; index++) {
    const keyAt = keys + index * keyWidth;
    const start = keyAt - read(keyAt, keyWidth);
    const end = bytes.indexOf(0, Math.max(0, start));
    if (start < 0 || end < 0) throw damaged("have a name without an end");
    const key = new TextDecoder().decode(bytes.subarray(start, end));
    const packed = read(values + count * width + index, 1);
    const at = values + index * width;
    const [type, ownWidth] = [packed >> 2, 1 << (packed & 3)];
    if (type === INT || type === UINT || type === BOOL) found.set(key, read(at, width, type === INT));
    else if (type === INDIRECT_INT || type === INDIRECT_UINT) found.set(key, read(at - read(at, width), ownWidth, type === INDIRECT_INT));
  }
  return found;
}
