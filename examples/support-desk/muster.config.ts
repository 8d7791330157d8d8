/** The support desk as a Muster; its bank and its records are kept in `.muster/support-desk`. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'muster'
import { supportDesk } from './desk.ts'

/** Some customers of the bank, so that `--as c-1001` can ask; the README tells who they are. */
const customers = ['c-1001', 'c-1002', 'c-1003', 'c-1004', 'c-1005', 'c-1006'].map(id => ({ id, roles: ['customer'] }))

export default async () => {
  const data = fileURLToPath(new URL('../../.muster/support-desk', import.meta.url))
  const desk = await supportDesk({ data })
  const { agents, interpreter, policies, domains } = desk
  const people = [...desk.people, ...customers]
  return defineConfig({ agents, interpreter, policies, domains, people, data, attached: [desk] })
}
