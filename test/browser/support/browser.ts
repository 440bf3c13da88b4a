/** The browser that tests drive, and a page that keeps account of what it must not do. */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

export const CHROMIUM = '/usr/bin/chromium';

/** False where there is no browser: tests are then not run, by name; with CI=true that is a failure. */
export const hasChromium = existsSync(CHROMIUM);
export const mustHaveChromium = process.env['CI'] === 'true';

/**
 * What chromium says when an interface of the machine came or went under a request, as Mininet's do all the time. It is
 * the machine's doing, not the page's: the page is loaded again.
 */
const NETWORK_CHANGED = 'net::ERR_NETWORK_CHANGED';
const LOAD_ATTEMPTS = 5;

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}

export interface WatchedPage {
  readonly page: Page;
  /** Errors of the console and uncaught exceptions, as text. */
  readonly errors: readonly string[];
  /** Addresses of requests and sockets that went anywhere but to the server of the page. */
  readonly strays: readonly string[];
  readonly close: () => Promise<void>;
}

/** Opens a page of its own context (its own localStorage) at an address. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const errors: string[] = [];
  const strays: string[] = [];
  const home = new URL(url).host;
  const check = (address: string): void => {
    const { protocol, host } = new URL(address);
    if (protocol !== 'data:' && protocol !== 'blob:' && host !== home) strays.push(address);
  };
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes(NETWORK_CHANGED)) errors.push(message.text());
  });
  let broken = false;
  page.on('requestfailed', (request) => {
    broken ||= request.failure()?.errorText === NETWORK_CHANGED;
  });
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('request', (request) => check(request.url()));
  page.on('websocket', (socket) => check(socket.url()));
  for (let attempt = 1; attempt === 1 || (broken && attempt <= LOAD_ATTEMPTS); attempt++) {
    broken = false;
    await page.goto(url).catch((error: unknown) => {
      if (!String(error).includes(NETWORK_CHANGED)) throw error;
      broken = true;
    });
  }
  return { page, errors, strays, close: () => context.close() };
}
