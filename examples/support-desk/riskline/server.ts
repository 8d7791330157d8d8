/** The bureau's process: serves its fraud check over HTTP, prints where, and ends when whoever started it has gone. */
import { defineAgent, serveAgent } from 'muster'
import { checkFraud } from '../capabilities.ts'
import { assess } from './assess.ts'

const bureau = defineAgent({
  id: 'fraud-bureau',
  domain: 'riskline',
  description: 'Riskline’s fraud check',
  offers: [checkFraud],
  bid: ({ load }) => ({ price: { usd: 0.02 }, time: `${60 + 20 * load}ms`, confidence: 0.95 }),
  perform: { 'fraud.check': ({ profile, claim }) => ({ risk: assess(profile, claim) }) },
})

const served = await serveAgent(bureau, { port: 0, token: process.env['RISKLINE_TOKEN'] ?? '' })
process.stdout.write(`${served.url}\n`)

process.stdin.resume()
process.stdin.once('end', () => void served[Symbol.asyncDispose]())
