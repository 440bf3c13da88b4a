/** The REST calls of the view. */
import type { DriftInfo } from './wire.ts';

export interface FlowOwner {
  readonly kind: string;
  readonly name: string;
}

export interface FlowInfo {
  readonly tableId: number;
  readonly tableName: string;
  readonly priority: number;
  readonly match: Readonly<Record<string, unknown>>;
  readonly instructions: readonly unknown[];
  readonly cookie: string | number;
  /** Counters may be beyond what a JSON number holds exactly; then they come as text. */
  readonly packets: number | string;
  readonly bytes: number | string;
  readonly durationSeconds: number;
  readonly owner: FlowOwner | null;
}

export interface Health {
  readonly status: string;
  /** The controller's own version. */
  readonly version: string | number;
  readonly uptimeSeconds: number;
}

export const API = '/api/v1';
/** What is asked of a switch itself may take its time. */
const SWITCH_TIMEOUT_MS = 15_000;
const HEALTH_TIMEOUT_MS = 5000;
/** The badge needs counts, and the reason of one refusal. */
const DRIFT_RULES = 1;

/** The flows installed on a switch now. Rejects with an Error whose message is fit to be shown. */
export async function fetchFlows(dpid: string, cancelled: AbortSignal): Promise<readonly FlowInfo[]> {
  const body = await ask(`/switches/${encodeURIComponent(dpid)}/flows`, cancelled);
  return itemsOf(body, 'flows') as readonly FlowInfo[];
}

/** How a switch differs now, as the controller knows it. Rejects as fetchFlows does. */
export async function fetchDrift(dpid: string, cancelled: AbortSignal): Promise<DriftInfo | undefined> {
  const body = await ask(`/drift?switch=${encodeURIComponent(dpid)}&limit=${DRIFT_RULES}`, cancelled);
  return itemsOf(body, 'switches')[0] as DriftInfo | undefined;
}

/** Has a switch read and repaired now; answers how it is then. Rejects as fetchFlows does. */
export async function auditSwitch(dpid: string, cancelled: AbortSignal): Promise<DriftInfo> {
  const path = `/switches/${encodeURIComponent(dpid)}/reconcile?limit=${DRIFT_RULES}`;
  return ((await ask(path, cancelled, 'POST')) as { readonly now: DriftInfo }).now;
}

/** Rejects with an Error whose message is fit to be shown. */
async function ask(path: string, cancelled: AbortSignal, method = 'GET'): Promise<unknown> {
  const signal = AbortSignal.any([cancelled, AbortSignal.timeout(SWITCH_TIMEOUT_MS)]);
  const response = await fetch(`${API}${path}`, { method, signal });
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw new Error(problemText(body) ?? `The controller answered ${response.status}. Try again.`);
  return body;
}

function itemsOf(body: unknown, what: string): readonly unknown[] {
  const items = (body as { readonly items?: unknown } | undefined)?.items;
  if (!Array.isArray(items)) throw new Error(`The answer holds no list of ${what}. Is this a Signalbox controller?`);
  return items as readonly unknown[];
}

/** The `detail` of an RFC 9457 problem: a sentence that says what to do. */
function problemText(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { detail, title } = body as Readonly<Record<string, unknown>>;
  if (typeof detail === 'string') return detail;
  return typeof title === 'string' ? title : undefined;
}

/** Rejects where the controller cannot be reached; one that is not ready (503) still answers. */
export async function fetchHealth(): Promise<Health | undefined> {
  const response = await fetch(`${API}/health`, { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS), cache: 'no-store' });
  const body: unknown = await response.json().catch(() => undefined);
  if (typeof body !== 'object' || body === null) return undefined;
  return typeof (body as Partial<Health>).uptimeSeconds === 'number' ? (body as Health) : undefined;
}
