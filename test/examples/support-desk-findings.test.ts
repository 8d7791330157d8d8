import { describe, expect, it } from 'vitest'
import { findDuplicate } from '../../examples/support-desk/capabilities.ts'
import { checkCash, explainFees, findDuplicates } from '../../examples/support-desk/findings/charges.ts'
import { explainDeclines } from '../../examples/support-desk/findings/declines.ts'
import { findUnrecognised } from '../../examples/support-desk/findings/disputes.ts'
import { addressIn } from '../../examples/support-desk/findings/person.ts'
import { traceRefunds } from '../../examples/support-desk/findings/refunds.ts'
import { claimFrom } from '../../examples/support-desk/findings/risk.ts'
import { createPaymentsDesk } from '../../examples/support-desk/agents/desks.ts'
import type { Agent, Capability } from '../../src/agents/index.ts'
import { agentsOf, tempFolder, testBank, today, work } from './support-desk.ts'

const reading = { parts: [{ text: 'how old must I be', candidates: [{ intent: 'age_limit', confidence: 0.9 }] }] }

describe('the agents of the desk', () => {
  it('give what their capabilities say, for every customer, in whole sentences', async () => {
    using folder = tempFolder()
    using bank = testBank(folder.path)
    for (const id of Array.from({ length: 150 }, (_, n) => `c-${1001 + n}`)) {
      const customer = bank.customer(id)
      const have = new Map<string, unknown>([
        ['customerId', id],
        ['question', 'Please help: I moved to 5 Park Lane, 10115 Berlin'],
        ['reading', reading],
        ['customer', customer],
        ['statement', bank.statement(id, today)],
        ['cards', bank.cardFile(id, today)],
        ['findings', []],
        ['claim', claimFrom(customer, [])],
        [
          'profile',
          { customerId: id, customerForDays: 1, homeCountry: 'DE', refundsInNinetyDays: 0, paidInNinetyDaysCents: 0 },
        ],
      ])
      for (const [agent, capability] of workOf(agentsOf(bank))) {
        const input = Object.fromEntries(Object.keys(capability.takes).map(port => [port, have.get(port)]))
        const output = await work(agent, capability, input, { idempotencyKey: `${id}-${capability.name}` })
        expect(`${capability.name} ${JSON.stringify(output)}`).not.toMatch(/undefined|NaN|null|\[object|\s{2}|\.\.|€-/)
      }
    }
  })
})

describe('the findings', () => {
  it('tell where a refund is and why a payment was declined', () => {
    using folder = tempFolder()
    using bank = testBank(folder.path)
    const statement = bank.statement('c-1001', today)
    expect(traceRefunds(statement).summary).toContain('€84.90 from Nordwind Outdoor is on its way')
    expect(explainDeclines(statement).summary).toContain('not enough money')
    expect(explainDeclines(statement).summary).toContain('€80.10')
  })

  it('find what was charged twice, and nothing any more once it is paid back', () => {
    using folder = tempFolder()
    using bank = testBank(folder.path)
    const { owed } = findDuplicates(bank.statement('c-1002', today))
    expect(owed.map(line => [line.paymentId, line.amountCents])).toEqual([['p-1002-3', 24_900]])
    bank.issueRefund('key-1', 'c-1002', owed, today)
    expect(findDuplicates(bank.statement('c-1002', today + 1)).owed).toEqual([])
  })

  it('owe back only fees that the tariff does not have', () => {
    using folder = tempFolder()
    using bank = testBank(folder.path)
    expect(explainFees(bank.statement('c-1006', today)).owed.map(line => line.amountCents)).toEqual([150])
    const due = allStatements(bank).flatMap(statement =>
      statement.entries.filter(entry => entry.kind === 'fee' && entry.reason === 'exchange-fee'),
    )
    const owed = new Set(
      allStatements(bank).flatMap(statement => explainFees(statement).owed.map(line => line.paymentId)),
    )
    expect(due.length).toBeGreaterThan(10)
    expect(due.filter(fee => owed.has(fee.id))).toEqual([])
  })

  it('owe the cash that the machine kept, not the whole withdrawal', () => {
    using folder = tempFolder()
    using bank = testBank(folder.path, 400)
    const lines = allStatements(bank).flatMap(statement => checkCash(statement).owed)
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.every(line => line.amountCents <= 2000)).toBe(true)
  })

  it('take a withdrawal abroad at night for somebody else’s, and payments at home for the customer’s own', () => {
    using folder = tempFolder()
    using bank = testBank(folder.path)
    const strange = (id: string) => findUnrecognised(bank.statement(id, today), bank.customer(id)).owed
    expect(strange('c-1003').map(line => line.amountCents)).toEqual([9000])
    expect(strange('c-1002')).toEqual([])
  })

  it('claim each payment once, however many findings name it', () => {
    using folder = tempFolder()
    using bank = testBank(folder.path)
    const finding = findDuplicates(bank.statement('c-1002', today))
    const claim = claimFrom(bank.customer('c-1002'), [finding, finding])
    expect(claim.amountCents).toBe(24_900)
    expect(claim.lines).toHaveLength(1)
  })

  it.each([
    ['please change my address to 5 Park Lane, 10115 Berlin', '5 Park Lane, 10115 Berlin'],
    ['I moved: 12a Rue Haute, 1000 Brussels. Thanks', '12a Rue Haute, 1000 Brussels'],
    ['I moved to Berlin', undefined],
    ['I have 2 cards, one is lost', undefined],
  ])('read the address in “%s”', (text, address) => {
    expect(addressIn(text)).toBe(address)
  })

  it('refuse an account that is none', async () => {
    await expect(work(createPaymentsDesk(), findDuplicate, { statement: { entries: 3 } })).rejects.toThrow('not valid')
  })
})

function workOf(agents: readonly Agent[]): readonly (readonly [Agent, Capability])[] {
  const pairs = agents.flatMap(agent => agent.offers.map(capability => [agent, capability] as const))
  // Refunds and answers have tests of their own: they need what others found.
  return pairs.filter(([, { name }]) => !['refund.issue', 'answer.write'].includes(name))
}

function allStatements(bank: ReturnType<typeof testBank>) {
  return Array.from({ length: bank.size().customers }, (_, n) => bank.statement(`c-${1001 + n}`, today))
}
