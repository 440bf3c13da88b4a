/** Model switches, cabled; and a walker that follows frames through all of them and finds those that circle. */
import { portKey } from '../../src/core/ids.ts';
import type { Dpid, PortRef } from '../../src/core/ids.ts';
import { ModelSwitch } from './model-switch.ts';
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

  add(dpid: Dpid): ModelSwitch {
    const device = new ModelSwitch();
    this.switches.set(dpid, device);
    return device;
  }

  connect(a: PortRef, b: PortRef): void {
    this.#cables.set(portKey(a), b);
    this.#cables.set(portKey(b), a);
  }

  cut(a: PortRef, b: PortRef): void {
    this.#cables.delete(portKey(a));
    this.#cables.delete(portKey(b));
  }

  /** Follows a frame from a host port along every copy. */
  send(from: PortRef, fields: Omit<Fields, 'inPort'>): Walk {
    const delivered: PortRef[] = [];
    let circle: readonly string[] | undefined;
    const follow = (at: PortRef, trail: readonly string[]): void => {
      const key = portKey(at);
      if (circle) return;
      if (trail.includes(key)) {
        circle = [...trail, key];
        return;
      }
      const outcome = this.switches.get(at.dpid)?.process({ ...fields, inPort: at.port });
      for (const port of outcome?.ports ?? []) {
        const out = { dpid: at.dpid, port };
        const next = this.#cables.get(portKey(out));
        if (next) follow(next, [...trail, key]);
        else delivered.push(out);
      }
    };
    follow(from, []);
    return { delivered, circle };
  }
}
