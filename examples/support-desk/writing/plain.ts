/** Writes the answer by rules: part by part in the order of the question, from whatever was found, and says what is missing. */
import type { PortValue, Reading } from 'muster'
import { type Answer, type Customer, type Finding, RefundReceipt, wordsFor } from '../concepts.ts'
import { covers, intents } from '../intents.ts'
import { euros } from '../words.ts'

type FindingValue = PortValue<typeof Finding>
type Open = PortValue<typeof Answer>['open'][number]

/** Everything that an answer is written from. */
export interface Material {
  readonly question: string
  readonly reading: PortValue<typeof Reading>
  readonly customer: PortValue<typeof Customer>
  readonly findings: readonly FindingValue[]
  /** What did not come, and why. */
  readonly missing: readonly { readonly concept: string; readonly reason: string }[]
}

/** The answer in plain words. */
export function writePlainly(material: Material): PortValue<typeof Answer> {
  const { reading, customer, findings, missing } = material
  const told = new Set<string>()
  const open: Open[] = []

  const tell = (topics: readonly string[]): string => {
    const lines: string[] = []
    for (const topic of topics) {
      if (told.has(topic)) continue
      told.add(topic)
      const found = findings.filter(finding => finding.topic === topic)
      lines.push(...found.map(finding => phrase(finding, material.question)))
      const lacks = found.length > 0 ? [] : lacksOf(topic, material)
      open.push(...lacks)
      lines.push(...lacks.map(lack => `${lack.about}: ${lack.why}.`))
    }
    return lines.join(' ')
  }

  const paragraphs: string[] = []
  for (const { text, candidates } of reading.parts) {
    const intent = candidates[0] && intents[candidates[0].intent]
    const heading = reading.parts.length > 1 ? `On ${quoted(text)}: ` : ''
    if (intent === undefined) {
      open.push({ about: text, why: 'it is outside what this desk can help with' })
      paragraphs.push(`${heading}that is outside what this desk can help with. It can help with ${covers}.`)
      continue
    }
    const topics = intent.wants.map(concept => concept.name)
    const repeated = topics.every(topic => told.has(topic))
    const words = repeated ? 'this is answered above.' : tell(topics)
    if (words !== '') paragraphs.push(heading + words)
  }
  const rest = tell([...findings.map(finding => finding.topic), ...missing.map(lack => lack.concept)])
  if (rest !== '') paragraphs.push(rest)
  if (paragraphs.length === 0) paragraphs.push('we found nothing that answers your question.')

  const greeting = `Hello ${customer.name.split(' ')[0]},`
  const sentences = paragraphs.map(paragraph => paragraph.charAt(0).toUpperCase() + paragraph.slice(1))
  return {
    text: [greeting, ...sentences, 'Kind regards,\nyour support desk'].join('\n\n'),
    covered: findings.map(finding => finding.topic),
    open,
  }
}

// When the customer names one of several things, the others are not what was asked about.
function phrase({ summary, about, facts, advice }: FindingValue, question: string): string {
  const named = facts.filter(fact => isNamed(fact.about, question))
  if (about !== undefined && named.length > 0 && !isNamed(about, question))
    return named.map(fact => fact.text).join(' ')
  const shown = named.length > 0 ? named : about !== undefined && isNamed(about, question) ? [] : facts.slice(0, 3)
  const more = facts.length - shown.length
  return [
    summary,
    ...shown.map(fact => fact.text),
    ...(shown.length === 3 && more > 0 ? [`The app shows ${more} more.`] : []),
    ...(advice === undefined ? [] : [advice]),
  ].join(' ')
}

/** What is missing of a topic, in words; nothing when there was simply nothing to do. */
function lacksOf(topic: string, { findings, missing }: Material): readonly Open[] {
  const reasons = missing.filter(lack => lack.concept === topic).map(lack => inWords(lack.reason))
  if (topic !== RefundReceipt.name)
    return reasons.map(why => ({ about: `We could not settle ${wordsFor(topic)}`, why }))
  const owed = findings.flatMap(finding => finding.owed ?? []).reduce((sum, line) => sum + line.amountCents, 0)
  if (owed === 0) return []
  return reasons.map(why => ({ about: `We have not sent you the ${euros(owed)} yet`, why }))
}

// Reasons are written for those who run the desk: names of rules and colleagues are not for customers.
function inWords(reason: string): string {
  return reason
    .replaceAll(/ \(rule `[^`]*` of `[^`]*`\)/g, '')
    .replace(/^`[^`]*` said no/, 'a colleague said no')
    .replaceAll('`', '')
    .replace(/\.$/, '')
}

function isNamed(about: string, question: string): boolean {
  const asked = new Set(wordsIn(question))
  return wordsIn(about).some(word => word.length > 3 && asked.has(word))
}

function wordsIn(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\d]+/gu) ?? []
}

function quoted(text: string): string {
  return `“${text.trim().replace(/[\s?!.,;]+$/u, '')}”`
}
