/** Makes a bank from a seed: the known accounts and as many drawn ones as are asked for. */
import { DatabaseSync } from 'node:sqlite'
import { drawActivity } from './activity.ts'
import { type Account, knownAccounts } from './known.ts'
import { drawCards, drawCustomer } from './population.ts'
import { createRandom } from './random.ts'
import { tables } from './tables.ts'

/** Writes a new bank to `file`, which must not exist. `now` is in milliseconds since 1970. */
export function generateBank(file: string, options: { now: number; seed: number; customers: number }): void {
  using db = new DatabaseSync(file)
  db.exec('pragma journal_mode = off; pragma synchronous = off; begin')
  db.exec(tables)
  const addCustomer = db.prepare('insert into customers values (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const addCard = db.prepare('insert into cards (id, customer, record) values (?, ?, ?)')
  const addEntry = db.prepare('insert into entries (id, customer, at, record) values (?, ?, ?, ?)')
  for (const { customer, cards, entries } of accounts(options)) {
    const { id, name, email, street, postcode, city, country, since, identity } = customer
    addCustomer.run(id, name, email, street, postcode, city, country, since, identity)
    for (const card of cards) addCard.run(card.id, id, JSON.stringify(card))
    for (const entry of entries) addEntry.run(entry.id, id, entry.at, JSON.stringify(entry))
  }
  db.exec('commit')
}

function* accounts({ now, seed, customers }: { now: number; seed: number; customers: number }): Generator<Account> {
  const known = knownAccounts(now)
  yield* known
  for (let n = known.length; n < customers; n++) {
    const random = createRandom(seed * 100_003 + n)
    const customer = drawCustomer(random, `c-${1001 + n}`, now)
    const cards = drawCards(random, customer.id, now)
    yield { customer, cards, entries: cards.slice(0, 1).flatMap(card => drawActivity(random, customer, card, now)) }
  }
}
