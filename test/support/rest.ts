/** Asking a running controller, and waiting for it to say what is hoped for. */

/** How often a question is asked again while its answer is not yet the one awaited. */
const ASK_AGAIN_MS = 20;
const PATIENCE_MS = 12_000;

export async function get<T>(baseUrl: string, path: string): Promise<T> {
  const response = await fetch(`${baseUrl}/api/v1${path}`);
  if (!response.ok) throw new Error(`GET ${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

export async function items<T>(baseUrl: string, path: string): Promise<readonly T[]> {
  return (await get<{ items: readonly T[] }>(baseUrl, path)).items;
}

/** Asks until the answer satisfies; rejects with the last answer when patience ends. */
export async function until<T>(ask: () => Promise<T>, satisfied: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (satisfied(answer)) return answer;
    if (Date.now() > deadline)
      throw new Error(`Not within ${PATIENCE_MS} ms; the last answer was ${JSON.stringify(answer)}`);
    await new Promise((resolve) => {
      setTimeout(resolve, ASK_AGAIN_MS);
    });
  }
}
