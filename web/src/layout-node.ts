/** One node of the picture, as d3-force moves it. */
import type { SimulationNodeDatum } from 'd3-force';
import { hashUnit, HOST_RADIUS, LINK_LENGTH, SWITCH_RADIUS } from './arrange/geometry.ts';
import type { Point } from './arrange/geometry.ts';

export interface LayoutNode extends SimulationNodeDatum {
  /** `s:` and the dpid, or `h:` and the MAC. */
  readonly key: string;
  readonly id: string;
  readonly kind: 'switch' | 'host';
  x: number;
  y: number;
  vx: number;
  vy: number;
  /** Set while pinned. */
  fx: number | null;
  fy: number | null;
  /** Absolute for a switch, an offset from `parent` for a host; undefined while it has no place yet. */
  home: Point | undefined;
  /** The switch of a host. */
  parent: LayoutNode | undefined;
}

const ROOM_MARGIN = { switch: 12, host: 9 } as const;

export function switchKey(dpid: string): string {
  return `s:${dpid}`;
}

export function hostKey(mac: string): string {
  return `h:${mac}`;
}

export function newNode(kind: 'switch' | 'host', id: string, pin: Point | undefined): LayoutNode {
  const key = kind === 'switch' ? switchKey(id) : hostKey(id);
  const unplaced = { x: Number.NaN, y: Number.NaN, vx: 0, vy: 0 };
  return { key, id, kind, ...unplaced, fx: pin?.x ?? null, fy: pin?.y ?? null, home: undefined, parent: undefined };
}

export function pinOf(node: LayoutNode): Point | undefined {
  return node.fx === null || node.fy === null ? undefined : { x: node.fx, y: node.fy };
}

export function isPlaced(node: LayoutNode): boolean {
  return !Number.isNaN(node.x);
}

export function placeAt(node: LayoutNode, { x, y }: Point): void {
  [node.x, node.y, node.vx, node.vy] = [x, y, 0, 0];
}

/** A point beside a node, in a direction that is always the same for the same newcomer. */
export function beside(standing: LayoutNode | undefined, newcomer: LayoutNode): Point {
  const origin = standing ?? { x: 0, y: 0 };
  if (newcomer.kind === 'host' && newcomer.home !== undefined) {
    return { x: origin.x + newcomer.home.x * 0.6, y: origin.y + newcomer.home.y * 0.6 };
  }
  const angle = hashUnit(newcomer.key) * Math.PI * 2;
  return { x: origin.x + Math.cos(angle) * LINK_LENGTH * 0.6, y: origin.y + Math.sin(angle) * LINK_LENGTH * 0.6 };
}

/** The radius that others keep out of. */
export function roomOf(node: LayoutNode): number {
  return node.kind === 'switch' ? SWITCH_RADIUS + ROOM_MARGIN.switch : HOST_RADIUS + ROOM_MARGIN.host;
}
