// The build for several threads: the SIMD build on a shared memory that the host hands in, and what the threads meet by.
export * from "./simd";
export { pool_bytes, pool_finish, pool_join, pool_post, pool_take } from "./threads/pool";
