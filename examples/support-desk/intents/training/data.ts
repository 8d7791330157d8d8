/** The texts that the reader learns from: BANKING77 for what it covers, the other-than-banking part of CLINC150 for what it does not. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'

/** One text and the index of its class. */
export interface Example {
  readonly text: string
  readonly label: number
}

/** What the reader learns from and is judged by. */
export interface Corpus {
  /** The intents by class; the last one, empty, is everything that is none of them. */
  readonly labels: readonly string[]
  readonly train: readonly Example[]
  readonly test: readonly Example[]
  readonly otherTrain: readonly Example[]
  readonly otherValidation: readonly Example[]
}

const rows = z.array(z.tuple([z.string(), z.string()]))
const banking77 = z.object({ train: rows, test: rows })
const clinc150 = z.object({ train: rows, val: rows })

// Intents of CLINC150 that a bank's support desk may well be asked: neither inside nor safely outside.
const nearBanking = new Set(
  `account_blocked application_status apr balance bill_balance bill_due card_declined credit_limit credit_limit_change
  credit_score damaged_card direct_deposit exchange_rate expiration_date freeze_account improve_credit_score
  interest_rate international_fees international_visa min_payment new_card order_checks pay_bill pin_change redeem_rewards
  replacement_card_duration report_fraud report_lost_card rewards_balance rollover_401k routing spending_history
  transactions transfer travel_notification`.split(/\s+/),
)

/** Reads both data sets (gzipped JSON, rows of text and intent). `otherPerIntent` texts of each outside intent are taken. */
export function readCorpus(banking77File: string, clinc150File: string, otherPerIntent: number): Corpus {
  const inside = banking77.parse(readJson(banking77File))
  const outside = clinc150.parse(readJson(clinc150File))
  const labels = [...new Set(inside.train.map(([, intent]) => intent))].sort()
  const classes = new Map(labels.map((label, index) => [label, index]))
  const classOf = (intent: string) => {
    const label = classes.get(intent)
    if (label === undefined) throw new Error(`the test part has an intent that the train part lacks: ${intent}`)
    return label
  }
  const covered = (part: z.output<typeof rows>) => part.map(([text, intent]) => ({ text, label: classOf(intent) }))
  const other = (part: z.output<typeof rows>) =>
    someOfEach(part, otherPerIntent).map(text => ({ text, label: labels.length }))
  return {
    labels: [...labels, ''],
    train: covered(inside.train),
    test: covered(inside.test),
    otherTrain: other(outside.train),
    otherValidation: other(outside.val),
  }
}

function someOfEach(part: z.output<typeof rows>, most: number): readonly string[] {
  const taken = new Map<string, number>()
  return part.flatMap(([text, intent]) => {
    const before = taken.get(intent) ?? 0
    if (nearBanking.has(intent) || before >= most) return []
    taken.set(intent, before + 1)
    return [text]
  })
}

function readJson(file: string): unknown {
  return JSON.parse(gunzipSync(readFileSync(file)).toString())
}
