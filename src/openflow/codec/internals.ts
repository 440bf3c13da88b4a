/** The tables behind the codec, for its tests, tools and docs; other rooms use index.ts. */
export * from './index.ts';
export { ACTIONS } from './actions/registry.ts';
export { INSTRUCTIONS } from './instructions/registry.ts';
export { MULTIPARTS } from './multipart/kinds.ts';
export { OXM_FIELDS } from './oxm/fields.ts';
export type { OxmField } from './oxm/field.ts';
export { MESSAGES } from './registry.ts';
export type { AnyField, Kind } from './wire/fields.ts';
