/** The support desk as a Muster; its bank and its records are kept in `.muster/support-desk`. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'muster'
import { supportDesk } from './desk.ts'

export default async () => {
  const data = fileURLToPath(new URL('../../.muster/support-desk', import.meta.url))
  const desk = await supportDesk({ data })
  const { agents, interpreter, policies, domains, people } = desk
  return defineConfig({ agents, interpreter, policies, domains, people, data, attached: [desk] })
}
