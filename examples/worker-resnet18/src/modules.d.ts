// What TypeScript need know of imports that only Workers understand.
declare module "*.hybit";
