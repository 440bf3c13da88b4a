/** A switch for tests of control: it keeps flows and groups, and answers what a session is asked. Its sessions come and go. */
import { error, matchKey, OFPBCT, OFPBRC, OFPET, OFPFC, OFPGC, OFPP } from '../../openflow/codec/index.ts';
import type {
  FlowMod,
  FlowStats,
  GroupDesc,
  GroupMod,
  Message,
  PacketOut,
  PortDesc,
} from '../../openflow/codec/index.ts';
import type { DatapathSession } from '../../openflow/session/datapath.ts';
import { OpenFlowError } from '../../openflow/session/requests.ts';
import { dpidToBigInt } from '../../core/ids.ts';
import type { Dpid } from '../../core/ids.ts';

export function portDesc(portNo: number, name = `eth${portNo}`, up = true): PortDesc {
  const rates = { curr: 0, advertised: 0, supported: 0, peer: 0, currSpeed: 10_000_000, maxSpeed: 0 };
  return { portNo, name, hwAddr: 0x0a00_0000_0000 + portNo, config: 0, state: up ? 0 : 1, ...rates };
}

export class FakeSwitch {
  readonly dpid: Dpid;
  ports: PortDesc[];
  /** What the switch was told to change. */
  readonly changes: (FlowMod | GroupMod)[] = [];
  readonly packetsOut: PacketOut[] = [];
  readonly #flows = new Map<string, FlowStats>();
  readonly #groups = new Map<number, GroupDesc>();
  /** What reading its tables waits for. */
  reading: Promise<void> = Promise.resolve();

  constructor(dpid: Dpid, ports: readonly number[]) {
    this.dpid = dpid;
    this.ports = [portDesc(OFPP.LOCAL, `br${Number.parseInt(dpid, 16)}`), ...ports.map((port) => portDesc(port))];
  }

  get flowCount(): number {
    return this.#flows.size;
  }

  /** As a switch that was started anew: it holds nothing. */
  restart(): void {
    this.#flows.clear();
    this.#groups.clear();
  }

  session(): FakeSession {
    return new FakeSession(this);
  }

  async multipart(kind: string): Promise<unknown> {
    if (kind === 'flow' || kind === 'groupDesc') await this.reading;
    if (kind === 'flow') return [...this.#flows.values()];
    if (kind === 'groupDesc') return [...this.#groups.values()];
    // It has no meters and no flow monitor, and says so as the specification asks (section 7.4.4).
    throw new OpenFlowError(error({ errorType: OFPET.BAD_REQUEST, code: OFPBRC.BAD_MULTIPART }));
  }

  apply(message: Message): void {
    if (message.type === 'packetOut') this.packetsOut.push(message);
    if (message.type === 'flowMod') this.#applyFlow(message);
    if (message.type === 'groupMod') this.#applyGroup(message);
  }

  #applyFlow(message: FlowMod): void {
    this.changes.push(message);
    const { tableId, priority, match, instructions, cookie } = message;
    const key = `${tableId}/${priority}/${matchKey(match)}`;
    const zero = { durationSec: 0, durationNsec: 0, idleTimeout: 0, hardTimeout: 0, flags: 0 };
    const counters = { packetCount: 0n, byteCount: 0n };
    if (message.command === OFPFC.DELETE_STRICT) this.#flows.delete(key);
    else this.#flows.set(key, { tableId, priority, match, instructions, cookie, ...zero, ...counters });
  }

  #applyGroup(message: GroupMod): void {
    this.changes.push(message);
    const { groupId, groupType, buckets } = message;
    if (message.command === OFPGC.DELETE) this.#groups.delete(groupId);
    else this.#groups.set(groupId, { groupId, groupType, buckets });
  }
}

/** What control and the transport use of a session. */
export class FakeSession {
  readonly description: DatapathSession['description'];
  readonly remoteAddress = '127.0.0.1:40000';
  closedBecause: string | undefined;
  readonly #device: FakeSwitch;
  #bundle: Message[] = [];
  #xid = 0;

  constructor(device: FakeSwitch) {
    this.#device = device;
    const datapathId = dpidToBigInt(device.dpid);
    this.description = {
      dpid: device.dpid,
      features: {
        type: 'featuresReply',
        xid: 0,
        datapathId,
        nBuffers: 0,
        nTables: 254,
        auxiliaryId: 0,
        capabilities: 0,
      },
      desc: { mfrDesc: 'Nicira, Inc.', hwDesc: 'Open vSwitch', swDesc: '3.1.0', serialNum: 'None', dpDesc: '' },
      ports: device.ports,
    };
  }

  /** For those that ask for a session: of the class they see only what stands here. */
  asSession(): DatapathSession {
    return this as unknown as DatapathSession;
  }

  get dpid(): Dpid {
    return this.description.dpid;
  }
  get closed(): boolean {
    return this.closedBecause !== undefined;
  }
  nextXid(): number {
    return ++this.#xid;
  }
  close(reason: string): void {
    this.closedBecause ??= reason;
  }

  send(message: Message): boolean {
    if (this.closed) return false;
    if (message.type === 'bundleAdd') this.#bundle.push(message.message);
    else this.#device.apply(message);
    return true;
  }

  async request(message: Message): Promise<Message> {
    if (this.closed) throw new Error('the session is gone');
    if (message.type === 'bundleControl' && message.controlType === OFPBCT.COMMIT_REQUEST) {
      for (const inner of this.#bundle) this.#device.apply(inner);
      this.#bundle = [];
    }
    return message;
  }

  async multipart(kind: string): Promise<unknown> {
    const answer = await this.#device.multipart(kind);
    if (this.closed) throw new Error('the session is gone');
    return answer;
  }

  async barrier(): Promise<void> {}
}
