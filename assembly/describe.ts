// Self-description of the parameter blocks, compiled only into the debug build, where strings exist.

/** One field as "name:offset;". */
export function field(name: string, offset: usize): string {
  return name + ":" + offset.toString() + ";";
}
