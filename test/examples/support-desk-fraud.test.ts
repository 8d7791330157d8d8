import { describe, expect, it } from 'vitest'
import { createFraudBureau } from '../../examples/support-desk/agents/fraud-bureau.ts'
import { createFraudRules } from '../../examples/support-desk/agents/fraud-rules.ts'
import { checkFraud } from '../../examples/support-desk/capabilities.ts'
import { findDuplicates } from '../../examples/support-desk/findings/charges.ts'
import { findUnrecognised } from '../../examples/support-desk/findings/disputes.ts'
import { claimFrom, profileOf } from '../../examples/support-desk/findings/risk.ts'
import { startRiskline } from '../../examples/support-desk/riskline/start.ts'
import { tempFolder, testBank, today, work } from './support-desk.ts'

function casesOf(id: string) {
  using folder = tempFolder()
  using bank = testBank(folder.path, 10)
  const customer = bank.customer(id)
  const statement = bank.statement(id, today)
  const claim = claimFrom(customer, [findDuplicates(statement), findUnrecognised(statement, customer)])
  return { profile: profileOf(customer, statement), claim }
}

describe('the fraud checks', () => {
  it('run in the bureau’s own process, and suspect the stranger’s withdrawal but not the double charge', async () => {
    await using riskline = await startRiskline()
    const bureau = createFraudBureau(riskline)
    expect(await work(bureau, checkFraud, casesOf('c-1002'))).toMatchObject({ risk: { suspected: false } })
    const { risk } = await work(bureau, checkFraud, casesOf('c-1003'), { idempotencyKey: 'key-2' })
    expect(risk).toMatchObject({ suspected: true, score: 80 })
  })

  it('are refused to whoever does not know the token', async () => {
    await using riskline = await startRiskline()
    const stranger = createFraudBureau({ url: riskline.url, token: 'not-the-token-of-anybody' })
    await expect(work(stranger, checkFraud, casesOf('c-1002'))).rejects.toThrow('status 401')
  })

  it('agree with the bank’s own rules where both are clear', async () => {
    expect(await work(createFraudRules(), checkFraud, casesOf('c-1002'))).toMatchObject({ risk: { suspected: false } })
    expect(await work(createFraudRules(), checkFraud, casesOf('c-1003'))).toMatchObject({ risk: { suspected: true } })
  })

  it('see nothing that names the customer', () => {
    expect(JSON.stringify(casesOf('c-1003').profile)).not.toMatch(/Leyla|Demir|Linden|@/)
  })
})
