/** The support desk of a bank: its agents, its rules and its people, ready for a Muster. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Agent, defineInterpreter, type Interpreter } from 'muster'
import { createCardsDesk } from './agents/cards-desk.ts'
import { createCustomerRecords } from './agents/customer-records.ts'
import { createCashDesk, createInformationDesk, createPaymentsDesk, createTransfersDesk } from './agents/desks.ts'
import { createFraudBureau } from './agents/fraud-bureau.ts'
import { createFraudRules } from './agents/fraud-rules.ts'
import { createLedger, createLedgerArchive } from './agents/ledger.ts'
import { createRefunds } from './agents/refunds.ts'
import { createWriterByModel, modelFromEnvironment } from './agents/writer-model.ts'
import { createWriterByRules } from './agents/writer-rules.ts'
import { openBank } from './bank/bank.ts'
import { Answer } from './concepts.ts'
import { covers, intents } from './intents.ts'
import { createIntentReader, readIntents } from './intents/agent.ts'
import { startRiskline } from './riskline/start.ts'

/** Everything that makes the desk. Disposing of it closes the bank and ends the bureau's process. */
export interface SupportDesk extends AsyncDisposable {
  readonly agents: readonly Agent[]
  readonly interpreter: Interpreter
  /** Folder of the desk's policies. */
  readonly policies: string
  /** Folders of the policies of other owners, by domain. */
  readonly domains: Readonly<Record<string, string>>
  readonly people: readonly { readonly id: string; readonly roles: readonly string[] }[]
}

/**
 * Opens the desk with its bank in folder `data`; a bank that is not there is generated with its last ninety days up to `now`
 * (milliseconds since 1970, default the present). Starts the fraud bureau's process.
 */
export async function supportDesk(options: { readonly data: string; readonly now?: number }): Promise<SupportDesk> {
  await using opened = new AsyncDisposableStack()
  const bank = opened.use(openBank(join(options.data, 'bank.sqlite'), { now: options.now ?? Date.now() }))
  const riskline = opened.use(await startRiskline())
  const model = modelFromEnvironment(process.env)
  const kept = opened.move()
  return {
    agents: [
      createIntentReader(),
      createCustomerRecords(bank),
      createLedger(bank),
      createLedgerArchive(bank),
      createPaymentsDesk(),
      createCashDesk(),
      createTransfersDesk(),
      createCardsDesk(bank),
      createInformationDesk(),
      createRefunds(bank),
      createFraudRules(),
      createFraudBureau(riskline),
      createWriterByRules(),
      ...(model === undefined ? [] : [createWriterByModel(model)]),
    ],
    interpreter: defineInterpreter({
      capability: readIntents,
      intents,
      always: [Answer],
      covers,
      given: principal => ({ customerId: principal.id }),
      // Longer than any approval may take.
      limits: { deadline: '4h', budget: { usd: 0.25 } },
      tradeoff: { cost: 0.05, latency: 0.05, quality: 0.9 },
    }),
    policies: folder('policies'),
    domains: { riskline: folder('riskline/policies') },
    people: [
      { id: 'maria', roles: ['finance'] },
      { id: 'felix', roles: ['finance'] },
      { id: 'dora', roles: ['fraud-team'] },
    ],
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

function folder(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}
