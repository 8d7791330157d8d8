/** What an agent has at hand, for tests that call its functions without a Muster around them. */
import type { WorkContext } from '../agents/index.ts'
import { MusterError } from '../core/index.ts'
import { createManualClock } from './manual-clock.ts'

/** A context in which time stands still and nobody can be called; `known` replaces what a test cares about. */
export function workContext(known: Partial<WorkContext> = {}): WorkContext {
  const clock = known.clock ?? createManualClock()
  const miss = (what: string) => {
    throw new MusterError('not-found', `the test does not say what ${what} answers`, {
      hint: 'pass `call` or `infer` to `workContext`',
    })
  }
  return {
    signal: new AbortController().signal,
    idempotencyKey: 'test',
    deadline: clock.now() + 60_000,
    principal: { id: 'tester', kind: 'person', roles: [], tenant: 'test' },
    missing: [],
    inputs: {},
    call: async capability => miss(`\`${capability}\``),
    infer: async model => miss(`model \`${model.name}\``),
    ...known,
    clock,
  }
}
