/** The people of the bank: names, streets and cards, drawn from a seed. */
import type { CardRecord, CustomerRecord } from './account.ts'
import type { Random } from './random.ts'

const day = 86_400_000

// biome-ignore format: a list of names reads best as a block
const firstNames = [
  'Ana', 'Jonas', 'Leyla', 'Tomas', 'Ines', 'Marek', 'Sofie', 'Luca', 'Nadia', 'Emil', 'Clara', 'Hugo',
  'Petra', 'Omar', 'Freya', 'Ivan', 'Marta', 'Noah', 'Elif', 'Paul', 'Greta', 'Rui', 'Maya', 'Oskar',
] as const
// biome-ignore format: a list of names reads best as a block
const lastNames = [
  'Ferreira', 'Weber', 'Demir', 'Novak', 'Costa', 'Kowalski', 'Jensen', 'Rossi', 'Haddad', 'Lindqvist', 'Moreau', 'Garcia',
  'Horvat', 'Farouk', 'Olsen', 'Petrov', 'Silva', 'Keller', 'Yilmaz', 'Schmidt', 'Bauer', 'Santos', 'Visser', 'Nowak',
] as const
const streets = ['Harbour Road', 'Mill Lane', 'Linden Street', 'Station Road', 'Orchard Way', 'Church Hill'] as const
const towns = [
  { city: 'Lisbon', country: 'PT', postcode: '1200' },
  { city: 'Hamburg', country: 'DE', postcode: '20095' },
  { city: 'Vienna', country: 'AT', postcode: '1010' },
  { city: 'Dublin', country: 'IE', postcode: 'D02' },
  { city: 'Utrecht', country: 'NL', postcode: '3511' },
  { city: 'Lyon', country: 'FR', postcode: '69001' },
] as const

/** A customer as of `now` (milliseconds since 1970). */
export function drawCustomer(random: Random, id: string, now: number): CustomerRecord {
  const first = random.pick(firstNames)
  const last = random.pick(lastNames)
  return {
    id,
    name: `${first} ${last}`,
    email: `${first}.${last}.${id.slice(2)}@example.com`.toLowerCase(),
    street: `${random.whole(1, 180)} ${random.pick(streets)}`,
    ...random.pick(towns),
    since: new Date(now - random.whole(20, 2600) * day).toISOString(),
    identity: random.chance(0.93) ? 'verified' : random.pick(['in-review', 'document-unreadable', 'not-started']),
  }
}

/** The cards of a customer: one of plastic, often a virtual one, sometimes a new one on its way. */
export function drawCards(random: Random, customerId: string, now: number): CardRecord[] {
  const number = customerId.slice(2)
  const cards: CardRecord[] = [drawCard(random, `card-${number}-1`, 'physical', now)]
  if (random.chance(0.4)) cards.push(drawCard(random, `card-${number}-2`, 'virtual', now))
  if (random.chance(0.14))
    cards.push({ ...drawCard(random, `card-${number}-3`, 'physical', now), ...underWay(random, now) })
  return cards
}

function drawCard(random: Random, id: string, kind: CardRecord['kind'], now: number): CardRecord {
  const expiresAt = now + random.whole(-20, 1200) * day
  return {
    id,
    kind,
    lastFour: String(random.whole(1000, 9999)),
    status: expiresAt < now ? 'expired' : random.chance(0.05) ? 'frozen' : random.chance(0.05) ? 'inactive' : 'active',
    expiresAt: new Date(expiresAt).toISOString(),
    pinTriesLeft: random.chance(0.03) ? 0 : 3,
    contactless: random.chance(0.95),
  }
}

function underWay(random: Random, now: number): Pick<CardRecord, 'status' | 'delivery' | 'expiresAt'> {
  const orderedAt = now - random.whole(1, 16) * day
  const sentAt = orderedAt + 2 * day
  const at = (time: number) => new Date(time).toISOString()
  return {
    status: 'ordered',
    expiresAt: at(now + 1400 * day),
    delivery: {
      orderedAt: at(orderedAt),
      dueAt: at(orderedAt + 9 * day),
      carrier: random.pick(['Postwerk', 'EuroParcel']),
      ...(sentAt < now ? { sentAt: at(sentAt), tracking: `PW${random.whole(10_000_000, 99_999_999)}` } : {}),
    },
  }
}
