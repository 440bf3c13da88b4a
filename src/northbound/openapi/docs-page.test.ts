import { describe, expect, it } from 'vitest';
import { startHarness } from '../testing/harness.ts';

describe('the API page', () => {
  it('loads what it names, all from this server', async () => {
    const { send } = await startHarness();
    const page = await send('/api/v1/docs');
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    const references = [...page.text.matchAll(/(?:src|href)="([^"]*)"/g)].map((match) => match[1] ?? '');
    expect(references).toHaveLength(4);
    for (const reference of references.filter((each) => each !== 'data:,')) {
      expect(reference).toMatch(/^\/api\/v1\/docs\//);
      const { status, headers } = await send(reference);
      expect(status).toBe(200);
      expect(headers['content-type']).toMatch(reference.endsWith('.css') ? /^text\/css/ : /^text\/javascript/);
    }
  });

  it('has no script or style in the page itself, which the policy forbids', async () => {
    const { send } = await startHarness();
    const { text, headers } = await send('/api/v1/docs');
    expect(text).not.toMatch(/<script>|<style|\sstyle=|\son\w+=/);
    expect(text).not.toMatch(/https?:|"\/\//);
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });

  it('asks no foreign site whether the document is valid', async () => {
    const { send } = await startHarness();
    const { text } = await send('/api/v1/docs/start.js');
    expect(text).toContain('validatorUrl: null');
    expect(text).toContain("url: '/api/v1/openapi.json'");
    expect(text).not.toMatch(/https?:/);
  });

  it('loads styles that name nothing elsewhere', async () => {
    const { send } = await startHarness();
    const { text } = await send('/api/v1/docs/swagger-ui.css');
    const urls = [...text.matchAll(/url\(\s*["']?([^"')]{0,40})/g)].map((match) => match[1] ?? '');
    for (const url of urls) expect(url).toMatch(/^data:/);
    expect(text).not.toContain('@import');
  });

  it.each(['package.json', 'index.js', '..%2fpackage.json', '%2e%2e%2f%2e%2e%2fexpress%2fpackage.json'])(
    'gives away no other file: %s',
    async (file) => {
      const { send } = await startHarness();
      expect((await send(`/api/v1/docs/${file}`)).status).toBe(404);
    },
  );
});
