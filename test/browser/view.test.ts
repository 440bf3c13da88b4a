/** The live view in a real browser, against a server that plays what each test wants. */
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventOf } from '../../web/testing/events.ts';
import { dpidOf, fatTree, macOf, torus } from '../../web/testing/topologies.ts';
import type { DriftInfo, HostInfo, LinkInfo, SwitchInfo } from '../../web/src/wire.ts';
import { CHROMIUM, hasChromium, launchBrowser, mustHaveChromium, openPage } from './support/browser.ts';
import type { WatchedPage } from './support/browser.ts';
import { startFakeController } from './support/fake-controller.ts';
import type { FakeController } from './support/fake-controller.ts';
import { buildWeb } from './support/web-build.ts';
import type { WebBuild } from './support/web-build.ts';

/** What the view promises: a change is on screen within a second. */
const PROMPT = { timeout: 1000 };
const EDGE = dpidOf(6);
const TOPICS = '?topics=switches,links,hosts,events,stats';

const FLOWS = [
  {
    tableId: 6,
    tableName: 'forward',
    priority: 100,
    match: { eth_dst: macOf(0) },
    instructions: [{ apply_actions: [{ output: 1 }] }],
    cookie: '0x1',
    packets: '1234567',
    bytes: 99,
    durationSeconds: 75,
    owner: { kind: 'forwarding', name: macOf(0) },
  },
  {
    tableId: 0,
    tableName: 'intake',
    priority: 0,
    match: {},
    instructions: [{ goto_table: 1 }],
    cookie: '0x2',
    packets: 7,
    bytes: 700,
    durationSeconds: 75,
    owner: null,
  },
];

if (mustHaveChromium && !hasChromium) {
  it('finds chromium, which CI must have', () => {
    expect.fail(`There is no ${CHROMIUM}. Install chromium, or unset CI to leave the browser tests out.`);
  });
}

describe.runIf(hasChromium)(`the live view (needs ${CHROMIUM})`, () => {
  let build: WebBuild;
  let browser: Browser;
  let controller: FakeController;
  let watched: WatchedPage;
  let page: Page;
  let drift: DriftInfo;

  beforeAll(async () => {
    [build, browser] = await Promise.all([buildWeb(), launchBrowser()]);
  });

  afterAll(async () => {
    await browser?.close();
    await build?.remove();
  });

  beforeEach(async () => {
    drift = {
      inSync: true,
      monitored: true,
      readAt: '2026-01-01T00:00:00.000Z',
      counts: { missing: 0, changed: 0, extra: 0, refused: 0, foreign: 2, wars: 0 },
      refused: [],
      repairs: 4,
    };
    controller = await startFakeController({
      directory: build.directory,
      snapshot: fatTree(4),
      flows: (dpid) => (dpid === EDGE ? FLOWS : []),
      drift: () => drift,
    });
    watched = await openPage(browser, controller.url);
    page = watched.page;
    await page.locator('.app[data-connection="live"]').waitFor();
  });

  afterEach(async () => {
    expect(watched.errors).toEqual([]);
    expect(watched.strays).toEqual([]);
    await watched.close();
    await controller.close();
  });

  const count = (name: string, text: string): Locator => page.locator(`[data-count="${name}"]`, { hasText: text });
  const row = (id: string): Locator => page.locator(`tr[data-id="${id}"]`);
  const happened = (text: string): Locator => page.locator('[data-event]', { hasText: text });
  const settled = (): Locator => page.locator('canvas[data-settled="true"]');
  const showList = (): Promise<void> => page.getByRole('tab', { name: 'List' }).click();

  const part = <T>(list: readonly T[], index: number): T => {
    const entry = list[index];
    if (entry === undefined) throw new Error(`the snapshot has no entry ${index}`);
    return entry;
  };
  const aSwitch = (index: number): SwitchInfo => part(controller.snapshot().switches, index);
  const aLink = (index: number): LinkInfo => part(controller.snapshot().links, index);
  const aHost = (index: number): HostInfo => part(controller.snapshot().hosts, index);

  /** Where a node is on the page, by what the view itself says of its places and its camera. */
  const spotOf = async (dpid: string): Promise<{ x: number; y: number }> => {
    await settled().waitFor();
    const stored = await page.evaluate<string | null>('localStorage.getItem("signalbox.layout.1")');
    const { switches } = JSON.parse(stored ?? '{}') as { switches: [string, number, number, boolean][] };
    const [, x = 0, y = 0] = switches.find(([key]) => key === dpid) ?? [];
    const camera = (await page.locator('canvas').getAttribute('data-camera')) ?? '';
    const [cx = 0, cy = 0, k = 0] = camera.split(',').map(Number);
    const box = await page.locator('canvas').boundingBox();
    return { x: (box?.x ?? 0) + x * k + cx, y: (box?.y ?? 0) + y * k + cy };
  };

  it('shows the counts, the version and every name', async () => {
    await count('switches', '20 switches').waitFor();
    await count('links', '32 links').waitFor();
    await count('hosts', '16 hosts').waitFor();
    expect(await page.locator('.app').getAttribute('data-version')).toBe('1');
    await showList();
    expect(await page.locator('tr[data-kind="switch"] th').allTextContents()).toEqual(
      ['a', 'c', 'e'].flatMap((kind) => Array.from({ length: kind === 'c' ? 4 : 8 }, (_, i) => `${kind}${i + 1}`)),
    );
    expect(await page.locator('tr[data-kind="link"]').count()).toBe(32);
    expect(await page.locator('tr[data-kind="host"]').count()).toBe(16);
    expect(await row(macOf(3)).textContent()).toContain('10.0.0.4');
  });

  it('shows a change within a second: in the counts and in the list', async () => {
    await showList();
    const link = aLink(0);
    controller.play({ type: 'link-removed', id: link.id });
    await count('links', '31 links').waitFor(PROMPT);
    await row(link.id).waitFor({ ...PROMPT, state: 'detached' });

    controller.play({ type: 'host', host: { ...aHost(3), switch: EDGE, port: 9 } });
    await row(macOf(3)).filter({ hasText: 'e1:9' }).waitFor(PROMPT);

    controller.play({ type: 'switch', switch: { ...aSwitch(5), connected: false } });
    await count('offline', '1 offline').waitFor(PROMPT);

    controller.play({ type: 'link', link: { ...aLink(0), bidirectional: false } });
    await row(aLink(30).id).filter({ hasText: 'one way' }).waitFor(PROMPT);

    controller.play({ type: 'host-removed', mac: macOf(0) }, { type: 'switch-removed', dpid: dpidOf(0) });
    await count('hosts', '15 hosts').waitFor(PROMPT);
    await count('switches', '19 switches').waitFor(PROMPT);
    await page.locator('.app[data-version="6"]').waitFor(PROMPT);
  });

  it('says so when the connection is lost, and loses no change over it', async () => {
    controller.refuse(true);
    controller.cut();
    await page.locator('[data-banner="disconnected"]').waitFor({ timeout: 5000 });
    await page.locator('[data-status="waiting"], [data-status="connecting"]').waitFor();
    controller.play({ type: 'link-removed', id: aLink(0).id });
    controller.play({ type: 'host-removed', mac: macOf(0) });
    controller.refuse(false);
    await page.locator('.app[data-connection="live"][data-version="3"]').waitFor({ timeout: 12_000 });
    await page.locator('[data-banner="disconnected"]').waitFor({ state: 'detached' });
    await count('links', '31 links').waitFor(PROMPT);
    await count('hosts', '15 hosts').waitFor(PROMPT);
    expect(controller.streams[0]).toBe(TOPICS);
    expect(controller.streams.at(-1)).toBe(`${TOPICS}&since=1&run=1`);
  });

  it('comes back for a snapshot when a change is missing', async () => {
    controller.say(
      JSON.stringify({ type: 'change', version: 7, events: [{ type: 'switch-removed', dpid: dpidOf(0) }] }),
    );
    await expect.poll(() => controller.streams, { timeout: 5000 }).toEqual([TOPICS, TOPICS]);
    await page.locator('.app[data-connection="live"][data-version="1"]').waitFor();
    await count('switches', '20 switches').waitFor(PROMPT);
  });

  it('takes the new network of a controller that started anew, though the version is the same', async () => {
    controller.restart(torus(3, 3));
    await count('switches', '9 switches').waitFor({ timeout: 5000 });
    await count('links', '18 links').waitFor(PROMPT);
    await page.locator('.app[data-connection="live"][data-version="1"]').waitFor(PROMPT);
  });

  it('finds by name, IP, MAC and dpid, and shows what it found', async () => {
    const cases = [
      ['e1', `switch:${EDGE}`],
      ['10.0.0.4', `host:${macOf(3)}`],
      [macOf(8), `host:${macOf(8)}`],
      [dpidOf(0), `switch:${dpidOf(0)}`],
      ['c1-a1', `link:${aLink(0).id}`],
    ] as const;
    for (const [query, expected] of cases) {
      await page.keyboard.press('/');
      await page.keyboard.type(query);
      await page.keyboard.press('Enter');
      await page.locator(`.app[data-selected="${expected}"]`).waitFor(PROMPT);
      await page.locator(`[data-details="${expected}"]`).waitFor(PROMPT);
    }
    await page.keyboard.press('Escape');
    await page.locator('.app:not([data-selected])').waitFor(PROMPT);
  });

  it('shows the ports and, read on demand, the flows of a switch', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('e1');
    await page.locator(`[data-found="switch:${EDGE}"]`).click();
    const ports = page.locator('tr[data-port]');
    await ports.nth(3).waitFor(PROMPT);
    expect(await ports.allTextContents()).toHaveLength(4);
    expect(await page.locator('tr[data-port="3"]').textContent()).toContain('a1:3');
    const tables = page.locator('[data-table]');
    await tables.nth(1).waitFor(PROMPT);
    expect(
      await tables.evaluateAll<string[], HTMLElementLike>((all) => all.map((one) => one.dataset['table'] ?? '')),
    ).toEqual(['0', '6']);
    const rules = (await tables.allTextContents()).join(' ');
    for (const text of ['goto_table 1', 'not ours', 'output 1', '1,234,567', `forwarding ${macOf(0)}`]) {
      expect(rules).toContain(text);
    }
    const read = page.waitForResponse((response) => response.url().endsWith(`/switches/${EDGE}/flows`));
    await page.getByRole('button', { name: 'Refresh' }).click();
    expect((await read).status()).toBe(200);
  });

  it('tells what happened, newest first, with its cause; alarms stand out, and each leads to what it is about', async () => {
    const subject = { kind: 'rule', id: 'x', name: 'x', dpid: EDGE };
    controller.tell(
      eventOf(1, {
        type: 'link.down',
        severity: 'warning',
        message: 'Link e1:1-a1:3 is down.',
        cause: 'Port e1:1 is down.',
      }),
      eventOf(2, { type: 'rule.war', severity: 'alarm', subject, message: 'A rule on e1 is changed again and again.' }),
    );
    await happened('Port e1:1 is down.').waitFor(PROMPT);
    const lines = page.locator('[data-event]');
    expect(
      await lines.evaluateAll<string[], HTMLElementLike>((all) => all.map((one) => one.dataset['event'] ?? '')),
    ).toEqual(['rule.war', 'link.down']);
    const backgrounds = await page.evaluate<string[]>(
      "[...document.querySelectorAll('[data-event]')].map((line) => getComputedStyle(line).backgroundColor)",
    );
    expect(backgrounds[0]).not.toBe(backgrounds[1]);
    await happened('again and again').getByRole('button').click();
    await page.locator(`[data-details="switch:${EDGE}"]`).waitFor(PROMPT);
    await page.locator('.app[data-version="1"]').waitFor();
    // Who comes later sees it, too.
    await page.reload();
    await happened('again and again').waitFor();
  });

  it('shows at a switch whether it holds what is desired, and has it looked at on request', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('e1');
    await page.keyboard.press('Enter');
    await page.locator('[data-drift="in-sync"]').waitFor(PROMPT);
    drift = { ...drift, inSync: false, counts: { ...drift.counts, missing: 3, refused: 1 } };
    drift = { ...drift, refused: [{ reason: 'TABLE_FULL: table 6 has no room; remove rules from it' }] };
    const refused = page.locator('[data-drift="refused"]', { hasText: 'table 6 has no room' });
    await refused.waitFor({ timeout: 5000 });
    expect(await refused.textContent()).toContain('3 rules missing');
    drift = { ...drift, refused: [], counts: { ...drift.counts, refused: 0 } };
    await page.getByRole('button', { name: 'Check now' }).click();
    await page.locator('[data-drift="differs"]').waitFor(PROMPT);
    expect(controller.audits).toEqual([EDGE]);
  });

  it('shows what flows: lines by how busy they are, rates where one points, and in the details, until the stream breaks', async () => {
    const canvas = page.locator('canvas');
    await settled().waitFor();
    const load = (): Promise<string | null> => canvas.getAttribute('data-load');
    expect(await load()).toBe('48,0,0,0,0');
    const [full, half, some] = [aLink(0), aLink(1), aLink(2)];
    const host = aHost(0);
    controller.flow({
      links: [
        { id: full.id, aToBBps: 9e9, bToABps: 2e6, utilization: 0.9 },
        { id: half.id, aToBBps: 0, bToABps: 5e9, utilization: 0.5 },
        { id: some.id, aToBBps: 3e6, bToABps: null, utilization: 0.000_3 },
      ],
      ports: [{ dpid: host.switch, port: host.port, rxBps: 15e8, txBps: 2e6 }],
    });
    await expect.poll(load, PROMPT).toBe('44,1,1,1,1');
    const busy = page.locator('[data-busy]');
    expect(await busy.allTextContents()).toEqual(['c1–a19 Gb/s, 90 %', 'c2–a15 Gb/s, 50 %', 'a1–e13 Mb/s']);

    await busy.first().getByRole('button').click();
    const flow = page.locator(`[data-flow="${full.id}"]`);
    await flow.waitFor(PROMPT);
    expect(await flow.textContent()).toBe('90 % usedc1 → a19 Gb/sa1 → c12 Mb/s');
    await page.keyboard.press('Escape');

    // One pointing is enough to read what a link carries.
    const [c2, a1] = [await spotOf(half.a.dpid), await spotOf(half.b.dpid)];
    await page.mouse.move((c2.x + a1.x) / 2, (c2.y + a1.y) / 2);
    await expect.poll(() => canvas.getAttribute('data-rates'), PROMPT).toBe('c2 → a1  0 b/s\na1 → c2  5 Gb/s');

    await page.keyboard.press('/');
    await page.keyboard.type(host.mac);
    await page.keyboard.press('Enter');
    const details = page.locator(`[data-details="host:${host.mac}"]`);
    await details.getByText('1.5 Gb/s').waitFor(PROMPT);
    expect(await details.textContent()).toContain('Sends1.5 Gb/sReceives2 Mb/s');
    await page.keyboard.press('Escape');

    await showList();
    await row(full.id).filter({ hasText: '9 Gb/s, 90 %' }).waitFor(PROMPT);
    controller.flow({ links: [], ports: [] });
    await row(full.id).filter({ hasText: '–' }).waitFor(PROMPT);
    await expect.poll(load, PROMPT).toBe('48,0,0,0,0');
    controller.flow({ links: [{ id: full.id, aToBBps: 9e9, bToABps: 0, utilization: 0.9 }], ports: [] });
    await expect.poll(load, PROMPT).toBe('47,0,0,0,1');
    controller.refuse(true);
    controller.cut();
    await expect.poll(load, PROMPT).toBe('48,0,0,0,0');
  });

  it('draws no frame for rates that leave every line as busy as before', async () => {
    await settled().waitFor();
    const links = (bps: number) =>
      controller.snapshot().links.map(({ id }) => ({ id, aToBBps: bps, bToABps: 0, utilization: bps / 1e10 }));
    controller.flow({ links: links(2e9), ports: [] });
    const canvas = page.locator('canvas');
    await expect.poll(() => canvas.getAttribute('data-load'), PROMPT).toBe('16,0,32,0,0');
    await page.evaluate(`(() => {
      const original = CanvasRenderingContext2D.prototype.fillRect;
      window.frames_ = 0;
      CanvasRenderingContext2D.prototype.fillRect = function (...args) {
        window.frames_ += 1;
        return original.apply(this, args);
      };
    })()`);
    await showList();
    controller.flow({ links: links(3e9), ports: [] });
    await row(aLink(0).id).filter({ hasText: '3 Gb/s, 30 %' }).waitFor(PROMPT);
    expect(await page.evaluate<number>('window.frames_')).toBe(0);
  });

  it('can be used by keyboard alone, from the list to the details and back', async () => {
    await page.getByRole('tab', { name: 'Details' }).focus();
    await page.keyboard.press('ArrowRight');
    await row(EDGE).waitFor(PROMPT);
    await page.locator(`[data-go="switch:${EDGE}"]`).focus();
    await page.keyboard.press('Enter');
    await page.locator(`[data-details="switch:${EDGE}"]:focus`).waitFor(PROMPT);
    await page.keyboard.press('Escape');
    await row(EDGE).waitFor(PROMPT);
  });

  it('selects on the canvas, pins what is dragged, and finds it there after a reload', async () => {
    const spot = await spotOf(EDGE);
    await page.mouse.click(spot.x, spot.y);
    await page.locator(`[data-details="switch:${EDGE}"]`).waitFor(PROMPT);
    await page.mouse.move(spot.x, spot.y);
    await page.mouse.down();
    await page.mouse.move(spot.x + 60, spot.y - 90, { steps: 5 });
    await page.mouse.up();
    await settled().waitFor();
    const pins = 'JSON.parse(localStorage.getItem("signalbox.layout.1")).pins';
    const pinned = await page.evaluate<[string, number, number][]>(pins);
    expect(pinned.map(([key]) => key)).toEqual([`s:${EDGE}`]);
    await page.reload();
    await page.locator('.app[data-version]').waitFor();
    await settled().waitFor();
    expect(await page.evaluate<unknown>(pins)).toEqual(pinned);
  });

  it('keeps places when the network changes', async () => {
    await settled().waitFor();
    const places = 'JSON.stringify(JSON.parse(localStorage.getItem("signalbox.layout.1")).switches)';
    const before = await page.evaluate<string>(places);
    controller.play({ type: 'link-removed', id: aLink(4).id }, { type: 'host-removed', mac: macOf(5) });
    controller.play({ type: 'switch', switch: { ...aSwitch(9), connected: false } });
    await page.locator('.app[data-version="3"]').waitFor(PROMPT);
    await settled().waitFor();
    expect(await page.evaluate<string>(places)).toBe(before);
  });

  it('draws nothing while nothing moves', async () => {
    await settled().waitFor();
    const frames = await page.evaluate<number>(`new Promise((resolve) => {
      const original = CanvasRenderingContext2D.prototype.fillRect;
      let frames = 0;
      CanvasRenderingContext2D.prototype.fillRect = function (...args) {
        frames += 1;
        return original.apply(this, args);
      };
      let left = 20;
      const count = () => (left-- > 0 ? requestAnimationFrame(count) : resolve(frames));
      count();
    })`);
    expect(frames).toBe(0);
  });

  it('zooms by wheel and fits again with f', async () => {
    await settled().waitFor();
    const canvas = page.locator('canvas');
    const fitted = await canvas.getAttribute('data-camera');
    const box = await canvas.boundingBox();
    await page.mouse.move((box?.x ?? 0) + 200, (box?.y ?? 0) + 200);
    await page.mouse.wheel(0, -600);
    await expect.poll(() => canvas.getAttribute('data-camera'), PROMPT).not.toBe(fitted);
    await page.keyboard.press('f');
    await expect.poll(() => canvas.getAttribute('data-camera'), { timeout: 3000 }).toBe(fitted);
  });
});

/** What this file needs of the browser's elements; its own types are of Node. */
interface HTMLElementLike {
  readonly dataset: Readonly<Record<string, string | undefined>>;
}
