// The kernel boundary. Every kernel is `(params: usize) => void`: the host writes a parameter block once, when
// it plans, and calling costs one number. Blocks are runs of 4-byte fields; assembly/ops/<op>/params.ts draws
// each, src/ops/<op>.ts mirrors it, and a test compares the two through the debug build. Kernels that several threads
// may share are `(params: usize, part: u32, parts: u32) => void`: each call does its part of the work, writes nothing that another
// part writes or reads, and keeps to its own scratch.
//
//   bits    bit 0 = +1, bit 1 = -1; least significant bit = lowest channel; unused high bits of a word are 0
//   f32     activations NCHW, row-major, no padding
//   bits    activations NHW[Cw]: [Cw] = ceil(C/32) words a pixel; rank 2 is N[Cw]
//   weights OHWI, or OHW[Iw] packed
// Pointers are byte addresses; a pointer to an absent constant is 0.

// @ts-ignore: decorator
@inline export const WORD_BYTES: usize = 4;

/** Channels in a word. */
// @ts-ignore: decorator
@inline export const WORD_BITS: u32 = 32;

/** One v128. */
// @ts-ignore: decorator
@inline export const BLOCK_BYTES: usize = WORD_BYTES * 4;

/** Kernels may read, never write, this far past the end of any operand; the host leaves that much slack. */
// @ts-ignore: decorator
@inline export const OVERREAD_BYTES: usize = 64;

/** Raised when a parameter block's layout or a kernel's meaning changes. */
export const ABI_VERSION: u32 = 1;
