import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { OwedLine } from '../../examples/support-desk/bank/account.ts'
import { openBank } from '../../examples/support-desk/bank/bank.ts'
import { tempFolder, testBank, today } from './support-desk.ts'

const line: OwedLine = {
  paymentId: 'p-1002-3',
  counterparty: 'Seidel Furniture',
  country: 'DE',
  at: '2026-11-17T10:00:00.000Z',
  amountCents: 24_900,
  reason: 'charged-twice',
}

describe('the bank', () => {
  it('is made with a few thousand customers and tens of thousands of entries', () => {
    using folder = tempFolder()
    using bank = openBank(join(folder.path, 'bank.sqlite'), { now: today })
    expect(bank.size().customers).toBe(3200)
    expect(bank.size().entries).toBeGreaterThan(30_000)
  })

  it('is the same for the same seed, and another for another', () => {
    using one = tempFolder()
    using two = tempFolder()
    using three = tempFolder()
    using a = testBank(one.path)
    using b = testBank(two.path)
    using c = openBank(join(three.path, 'bank.sqlite'), { now: today, customers: 150, seed: 7 })
    const accounts = (bank: typeof a) =>
      Array.from({ length: 150 }, (_, n) => [bank.customer(`c-${1001 + n}`), bank.statement(`c-${1001 + n}`, today)])
    expect(accounts(b)).toEqual(accounts(a))
    expect(accounts(c)).not.toEqual(accounts(a))
  })

  it('is kept when it is opened again', () => {
    using folder = tempFolder()
    {
      using bank = testBank(folder.path)
      bank.issueRefund('key-1', 'c-1002', [line], today)
    }
    using again = testBank(folder.path)
    expect(again.refundsPaid('c-1002')).toEqual({ count: 1, amountCents: 24_900 })
  })

  it('shows a statement as it stood, not what came later', () => {
    using folder = tempFolder()
    using bank = testBank(folder.path)
    const yesterday = bank.statement('c-1001', today - 86_400_000)
    expect(yesterday.entries.map(entry => entry.status)).not.toContain('declined')
    expect(bank.statement('c-1001', today).entries.map(entry => entry.status)).toContain('declined')
  })

  it('knows nobody that it does not have', () => {
    using folder = tempFolder()
    using bank = testBank(folder.path)
    expect(() => bank.customer('c-9999')).toThrow('no customer `c-9999`')
  })
})

describe('a refund', () => {
  it('is paid once per key and gives the same receipt again', () => {
    using folder = tempFolder()
    using bank = testBank(folder.path)
    const first = bank.issueRefund('key-1', 'c-1002', [line], today)
    expect(bank.issueRefund('key-1', 'c-1002', [line], today + 5000)).toEqual(first)
    expect(bank.refundsPaid('c-1002')).toEqual({ count: 1, amountCents: 24_900 })
  })

  it('is refused under another key when the payment has been refunded, and leaves no trace', () => {
    using folder = tempFolder()
    using bank = testBank(folder.path)
    bank.issueRefund('key-1', 'c-1002', [line], today)
    const before = bank.statement('c-1002', today)
    const other = { ...line, paymentId: 'p-1002-2' }
    expect(() => bank.issueRefund('key-2', 'c-1002', [other, line], today)).toThrow('refunded already')
    expect(bank.statement('c-1002', today)).toEqual(before)
    expect(bank.refundsPaid('c-1002').count).toBe(1)
  })

  it('is paid once when several processes send it at the same time', async () => {
    using folder = tempFolder()
    using bank = testBank(folder.path, 10)
    const script = `
      import { openBank } from ${JSON.stringify(join(import.meta.dirname, '../../examples/support-desk/bank/bank.ts'))}
      const bank = openBank(${JSON.stringify(join(folder.path, 'bank.sqlite'))}, { now: ${today} })
      for (let n = 0; n < 20; n++) console.log(bank.issueRefund('key-' + n, 'c-1002', [{ ...${JSON.stringify(line)}, paymentId: 'p-' + n }], ${today}).receiptId)
    `
    const run = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
    const outputs = await Promise.all([run(), run(), run()])
    expect(new Set(outputs.map(({ stdout }) => stdout)).size).toBe(1)
    expect(bank.refundsPaid('c-1002')).toEqual({ count: 20, amountCents: 20 * 24_900 })
  })
})

describe('a lost card', () => {
  it('is blocked once and replaced once, however often it is reported', () => {
    using folder = tempFolder()
    using bank = testBank(folder.path)
    const first = bank.blockCards('c-1003', today)
    expect(first.cards.map(card => card.status)).toEqual(['blocked', 'ordered'])
    expect(bank.blockCards('c-1003', today)).toEqual(first)
  })
})
