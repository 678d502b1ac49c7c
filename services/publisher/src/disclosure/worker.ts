import { parentPort } from 'node:worker_threads';
import { HitonamiError, type MeasuredCell } from '@hitonami/model';
import {
  openLpSolver,
  protectBlock,
  type Known,
  type LpSolver,
  type ProtectedBlock,
} from '@hitonami/privacy';
import { rulesOf, type PlainRules } from './rules.js';

/** A block to be protected. */
export interface ProtectOrder {
  readonly id: number;
  readonly cells: readonly MeasuredCell[];
  readonly rules: PlainRules;
  readonly known: Known;
}

export type ProtectAnswer =
  | { readonly id: number; readonly block: ProtectedBlock }
  | { readonly id: number; readonly fault: { readonly code: string; readonly message: string } };

let solver: LpSolver | undefined;

async function protect({ id, cells, rules, known }: ProtectOrder): Promise<ProtectAnswer> {
  try {
    solver ??= await openLpSolver();
    return { id, block: protectBlock(cells, rulesOf(rules), known, solver) };
  } catch (error) {
    const code = error instanceof HitonamiError ? error.code : 'UNAVAILABLE';
    return { id, fault: { code, message: error instanceof Error ? error.message : String(error) } };
  }
}

parentPort?.on('message', (order: ProtectOrder) => {
  void protect(order).then((answer) => {
    parentPort?.postMessage(answer);
  });
});
