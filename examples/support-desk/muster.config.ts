/** The support desk as a Muster; its bank, its records and everyone's token are kept in `.muster/support-desk`. */
import { fileURLToPath } from 'node:url'
import { defineConfig, type Person } from 'muster'
import { supportDesk } from './desk.ts'
import { tokensFor } from './tokens.ts'

/** Customers of the generated bank with something to ask. */
const customers: readonly Person[] = ['c-1001', 'c-1002', 'c-1003', 'c-1004', 'c-1005', 'c-1006'].map(id => ({
  id,
  roles: ['customer'],
}))

export default async () => {
  const data = fileURLToPath(new URL('../../.muster/support-desk', import.meta.url))
  const desk = await supportDesk({ data })
  const { agents, interpreter, policies, domains } = desk
  const everybody: readonly Person[] = [...desk.people, ...customers]
  const tokens = tokensFor(
    data,
    everybody.map(({ id }) => id),
  )
  const people = everybody.map(person => ({ ...person, token: tokens[person.id] ?? '' }))
  return defineConfig({ agents, interpreter, policies, domains, people, data, attached: [desk] })
}
