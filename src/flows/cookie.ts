/**
 * Cookies say whose a rule is: 16 bits that mark it as ours, 8 bits for the app, 8 bits for the class of rule and 32 bits
 * for the unit that wants it. They are computed from names alone, so that a restarted controller knows its rules again.
 */
export const COOKIE_MARK = 0x5b0cn;
const MARK_SHIFT = 48n;
/** Selects every rule of ours in a request's cookie and mask. */
export const OUR_COOKIE = COOKIE_MARK << MARK_SHIFT;
export const OUR_COOKIE_MASK = 0xffffn << MARK_SHIFT;

export const RULE_CLASS = {
  /** Kept by the reconciler. */
  DESIRED: 0,
  /** Answers to packets, with an idle timeout; the reconciler leaves them alone. */
  REACTIVE: 1,
} as const;

export interface CookieParts {
  readonly app: number;
  readonly ruleClass: number;
  readonly unit: number;
}

export function makeCookie({ app, ruleClass, unit }: CookieParts): bigint {
  return OUR_COOKIE | (BigInt(app & 0xff) << 40n) | (BigInt(ruleClass & 0xff) << 32n) | BigInt(unit >>> 0);
}

export function isOurs(cookie: bigint): boolean {
  return (cookie & OUR_COOKIE_MASK) === OUR_COOKIE;
}

export function readCookie(cookie: bigint): CookieParts {
  return {
    app: Number((cookie >> 40n) & 0xffn),
    ruleClass: Number((cookie >> 32n) & 0xffn),
    unit: Number(cookie & 0xffffffffn),
  };
}

/** FNV-1a, 32 bits: short, and the same for ever. */
export function unitHash(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
