export * from './errors.ts';
export * from './flows.ts';
export * from './groups.ts';
export * from './header.ts';
export * from './ports.ts';
export * from './switch.ts';
