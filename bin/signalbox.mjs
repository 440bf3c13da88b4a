#!/usr/bin/env node
// Signalbox runs its TypeScript as it stands: tsx strips the types, src/main.ts does the rest.
// The tsconfig is named, since tsx would otherwise read the one of whatever directory the user stands in.
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

register({ tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)) });
await import('../src/main.ts');
