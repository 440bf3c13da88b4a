/** Packets from capture files: the classic pcap format and pcapng (as tcpdump, dumpcap and tshark write them). */

export interface CapturedPacket {
  /** From 1, as Wireshark counts. */
  readonly number: number;
  /** LINKTYPE number: 1 is Ethernet. */
  readonly linkType: number;
  readonly data: Buffer;
}

const PCAP_MAGICS: readonly number[] = [0xa1b2c3d4, 0xa1b23c4d];
const PCAPNG_MAGIC = 0x0a0d0d0a;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const PCAP_HEADER_LEN = 24;
const PCAP_RECORD_LEN = 16;
/** No snapshot length in use is longer; more is not a capture file. */
const BLOCK_BYTES_MAX = 4 * 1024 * 1024;
const BLOCK = { INTERFACE: 1, SIMPLE: 3, ENHANCED: 6 };

/** Takes a capture file in pieces of any size, gives packets. */
export class CaptureReader {
  #pending: Buffer = Buffer.alloc(0);
  #next: () => CapturedPacket | 'skip' | undefined = () => this.#start();
  #packets = 0;
  #littleEndian = false;
  #linkTypes: number[] = [];

  /** Whether a file that begins so is a capture. */
  static recognises(first: Buffer): boolean {
    if (first.length < 4) return false;
    const magic = first.readUInt32BE(0);
    return magic === PCAPNG_MAGIC || PCAP_MAGICS.includes(magic) || PCAP_MAGICS.includes(first.readUInt32LE(0));
  }

  get pendingBytes(): number {
    return this.#pending.length;
  }

  /** @throws RangeError where the file is no capture, or a length in it makes no sense. */
  *push(chunk: Buffer): Generator<CapturedPacket> {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    for (let found = this.#next(); found !== undefined; found = this.#next()) if (found !== 'skip') yield found;
  }

  #u16(at: number): number {
    return this.#littleEndian ? this.#pending.readUInt16LE(at) : this.#pending.readUInt16BE(at);
  }

  #u32(at: number): number {
    return this.#littleEndian ? this.#pending.readUInt32LE(at) : this.#pending.readUInt32BE(at);
  }

  #take(length: number): Buffer {
    const taken = this.#pending.subarray(0, length);
    this.#pending = this.#pending.subarray(length);
    return taken;
  }

  #start(): 'skip' | undefined {
    if (this.#pending.length < PCAP_HEADER_LEN) return undefined;
    if (this.#pending.readUInt32BE(0) === PCAPNG_MAGIC) this.#next = () => this.#block();
    else {
      this.#littleEndian = PCAP_MAGICS.includes(this.#pending.readUInt32LE(0));
      if (!PCAP_MAGICS.includes(this.#u32(0))) throw new RangeError('this is no capture file');
      this.#linkTypes = [this.#u32(20) & 0xffff];
      this.#take(PCAP_HEADER_LEN);
      this.#next = () => this.#record();
    }
    return 'skip';
  }

  #record(): CapturedPacket | undefined {
    if (this.#pending.length < PCAP_RECORD_LEN) return undefined;
    const length = checked(this.#u32(8));
    if (this.#pending.length < PCAP_RECORD_LEN + length) return undefined;
    const data = this.#take(PCAP_RECORD_LEN + length).subarray(PCAP_RECORD_LEN);
    return { number: ++this.#packets, linkType: this.#linkTypes[0]!, data };
  }

  #block(): CapturedPacket | 'skip' | undefined {
    if (this.#pending.length < 12) return undefined;
    if (this.#pending.readUInt32BE(0) === PCAPNG_MAGIC) {
      this.#littleEndian = this.#pending.readUInt32LE(8) === BYTE_ORDER_MAGIC;
      this.#linkTypes = [];
    }
    const type = this.#u32(0);
    const length = checked(this.#u32(4));
    if (length < 12 || length % 4 !== 0) throw new RangeError(`a block of a capture is ${length} bytes long`);
    if (this.#pending.length < length) return undefined;
    const packet = this.#packetIn(type, length);
    this.#take(length);
    return packet ?? 'skip';
  }

  #packetIn(type: number, length: number): CapturedPacket | undefined {
    if (type === BLOCK.INTERFACE && length >= 20) this.#linkTypes.push(this.#u16(8));
    if (type !== BLOCK.ENHANCED && type !== BLOCK.SIMPLE) return undefined;
    const enhanced = type === BLOCK.ENHANCED;
    const start = enhanced ? 28 : 12;
    if (length < start + 4) throw new RangeError(`a packet block of a capture is ${length} bytes long`);
    const bytes = Math.min(this.#u32(enhanced ? 20 : 8), length - start - 4);
    const linkType = this.#linkTypes[enhanced ? this.#u32(8) : 0] ?? -1;
    return { number: ++this.#packets, linkType, data: this.#pending.subarray(start, start + bytes) };
  }
}

function checked(length: number): number {
  if (length > BLOCK_BYTES_MAX) throw new RangeError(`a packet of ${length} bytes makes no sense`);
  return length;
}
