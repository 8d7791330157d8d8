/** Builders for tests of the support desk: a small bank on a fixed day, and work without a run around it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCardsDesk } from '../../examples/support-desk/agents/cards-desk.ts'
import { createCustomerRecords } from '../../examples/support-desk/agents/customer-records.ts'
import * as desks from '../../examples/support-desk/agents/desks.ts'
import { createFraudRules } from '../../examples/support-desk/agents/fraud-rules.ts'
import { createLedger, createLedgerArchive } from '../../examples/support-desk/agents/ledger.ts'
import { createRefunds } from '../../examples/support-desk/agents/refunds.ts'
import { createWriterByRules } from '../../examples/support-desk/agents/writer-rules.ts'
import { type Bank, openBank } from '../../examples/support-desk/bank/bank.ts'
import { type Agent, type Capability, checkInput, checkOutput, type WorkContext } from '../../src/agents/index.ts'
import { createManualClock } from '../../src/testing/index.ts'

export const today = Date.parse('2026-11-21T10:00:00.000Z')

/** A folder of its own, gone when the test is. */
export function tempFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'support-desk-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** A bank of `customers` people (default 150) as of `today`. */
export function testBank(folder: string, customers = 150): Bank {
  return openBank(join(folder, 'bank.sqlite'), { now: today, customers })
}

/** Every agent of the desk that needs no other process. */
export function agentsOf(bank: Bank): readonly Agent[] {
  return [
    createCustomerRecords(bank),
    createLedger(bank),
    createLedgerArchive(bank),
    desks.createPaymentsDesk(),
    desks.createCashDesk(),
    desks.createTransfersDesk(),
    desks.createInformationDesk(),
    createCardsDesk(bank),
    createRefunds(bank),
    createFraudRules(),
    createWriterByRules(),
  ]
}

/** What an agent has at hand, in a test. */
function workContext(given: Partial<WorkContext> = {}): WorkContext {
  return {
    signal: new AbortController().signal,
    idempotencyKey: 'key-1',
    deadline: today + 60_000,
    clock: createManualClock(today),
    principal: { id: 'c-1001', kind: 'person', roles: [], tenant: 'home' },
    missing: [],
    inputs: {},
    call: async () => ({}),
    infer: async () => ({}),
    ...given,
  }
}

/** Lets an agent do a capability, with inputs and outputs checked as in a run. */
export async function work(
  agent: Agent,
  capability: Capability,
  input: Readonly<Record<string, unknown>>,
  given: Partial<WorkContext> = {},
): Promise<Readonly<Record<string, unknown>>> {
  const checked = await checkInput(capability, input)
  return checkOutput(capability, await agent.perform(capability.name, checked, workContext(given)))
}
