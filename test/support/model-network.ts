/** Model switches, cabled; and a walker that follows frames through all of them and finds those that circle. */
import { portKey } from '../../src/core/ids.ts';
import type { Dpid, PortRef } from '../../src/core/ids.ts';
import { ANY_BUCKET, liveBucket, ModelSwitch } from './model-switch.ts';
import type { Fields } from './model-switch.ts';

export interface Walk {
  /** Host ports where the frame came out, each as often as it did. */
  readonly delivered: readonly PortRef[];
  /** The way it took until it came by where it had been, if it did. */
  readonly circle: readonly string[] | undefined;
}

export class ModelNetwork {
  readonly switches = new Map<Dpid, ModelSwitch>();
  readonly #cables = new Map<string, PortRef>();
  /** Ports whose cable was cut. */
  readonly #down = new Set<string>();

  add(dpid: Dpid): ModelSwitch {
    const device = new ModelSwitch();
    this.switches.set(dpid, device);
    return device;
  }

  connect(a: PortRef, b: PortRef): void {
    this.#cables.set(portKey(a), b);
    this.#cables.set(portKey(b), a);
    for (const end of [a, b]) this.#down.delete(portKey(end));
  }

  cut(a: PortRef, b: PortRef): void {
    this.#cables.delete(portKey(a));
    this.#cables.delete(portKey(b));
    for (const end of [a, b]) this.#down.add(portKey(end));
  }

  /**
   * Follows a frame from a host port along every copy. With a hash it goes as a frame of this hash would now; without, along
   * every way that the buckets of groups might send it, whatever ports are up.
   */
  send(from: PortRef, fields: Omit<Fields, 'inPort'>, hash?: number): Walk {
    const delivered: PortRef[] = [];
    let circle: readonly string[] | undefined;
    const follow = (at: PortRef, frame: Omit<Fields, 'inPort'>, trail: readonly string[]): void => {
      const key = portKey(at);
      if (circle) return;
      if (trail.includes(key)) {
        circle = [...trail, key];
        return;
      }
      const isLive = (port: number): boolean => !this.#down.has(portKey({ dpid: at.dpid, port }));
      const choose = hash === undefined ? ANY_BUCKET : liveBucket(hash, isLive);
      const outcome = this.switches.get(at.dpid)?.process({ ...frame, inPort: at.port }, choose);
      for (const { port, vlanVid } of outcome?.sent ?? []) {
        const out = { dpid: at.dpid, port };
        const next = this.#cables.get(portKey(out));
        if (next) follow(next, { ...frame, vlanVid }, [...trail, key]);
        else if (isLive(port)) delivered.push(out);
      }
    };
    follow(from, fields, []);
    return { delivered, circle };
  }
}
