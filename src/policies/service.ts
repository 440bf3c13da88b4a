/** What the northbound may do with policies. */
import type { Plan } from './plan.ts';
import type { PolicyRemoval, PolicyWrite } from './policies.ts';
import type { PolicyRecord } from './record.ts';
import type { PolicyStatus } from './status.ts';

export interface PolicyReport {
  readonly record: PolicyRecord;
  readonly status: PolicyStatus;
}

export interface WrittenPolicy extends PolicyReport {
  /** There was none of the name before. */
  readonly created: boolean;
  /** Every connected switch concerned has answered: holds what it shall hold, or refused it. */
  readonly settled: boolean;
}

export interface PolicyService {
  /** By name. */
  list(): readonly PolicyReport[];
  get(name: string): PolicyReport | undefined;
  /** On disk at once; resolves when the switches have answered, or `timeoutMs` have passed. Throws PolicyError at once. */
  write(write: PolicyWrite, timeoutMs: number): Promise<WrittenPolicy>;
  /** As write; the report is of the policy as it was, on its way out where it is not settled. */
  remove(removal: PolicyRemoval, timeoutMs: number): Promise<Omit<WrittenPolicy, 'created'>>;
  /** What the write would do. Throws PolicyError as write does. */
  planWrite(write: PolicyWrite): Plan;
  planRemoval(removal: PolicyRemoval): Plan;
}
