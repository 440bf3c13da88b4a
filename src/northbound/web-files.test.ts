import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHarness } from './testing/harness.ts';

let folder: string;
let webRoot: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-web-'));
  webRoot = join(folder, 'dist');
  await mkdir(join(webRoot, 'assets'), { recursive: true });
  await writeFile(join(webRoot, 'index.html'), '<!doctype html><title>view</title>');
  await writeFile(join(webRoot, 'assets', 'index-abc123.js'), 'void 0;');
  await writeFile(join(webRoot, '.env'), 'secret');
  await writeFile(join(folder, 'outside.txt'), 'secret');
});

afterAll(() => rm(folder, { recursive: true }));

describe('the web view', () => {
  it('is at /, and asked for again each time', async () => {
    const { send } = await startHarness({ webRoot });
    const { status, text, headers } = await send('/');
    expect(status).toBe(200);
    expect(text).toContain('<title>view</title>');
    expect(headers['cache-control']).toBe('no-cache');
    expect(headers['content-security-policy']).toContain("script-src 'self';");
  });

  it('keeps files that are named by their content', async () => {
    const { send } = await startHarness({ webRoot });
    const { headers } = await send('/assets/index-abc123.js');
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(headers['content-type']).toMatch(/^text\/javascript/);
  });

  it.each(['/../outside.txt', '/%2e%2e/outside.txt', '/..%2foutside.txt', '/.env', '/missing.js'])(
    'gives nothing away: %s',
    async (path) => {
      const { send } = await startHarness({ webRoot });
      const { status, text } = await send(path);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(text).not.toContain('secret');
    },
  );

  it('does not stand before the API', async () => {
    const { send } = await startHarness({ webRoot });
    expect((await send('/api/v1/health')).status).toBe(200);
    expect((await send('/api/v1/nothing')).status).toBe(404);
  });

  it('leads to the API page where there is no web view', async () => {
    const { send } = await startHarness();
    const { status, headers } = await send('/');
    expect(status).toBe(302);
    expect(headers.location).toBe('/api/v1/docs');
  });
});
