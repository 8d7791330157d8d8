/** Capabilities that say only what matters to the matcher. */
import { z } from 'zod'
import { type Capability, defineCapability } from '../../../src/agents/index.ts'
import { concept } from '../../../src/core/index.ts'

/** A capability `name` described so, that takes and gives concepts by these names. */
export function capability(
  name: string,
  description: string,
  ports: { readonly takes?: readonly string[]; readonly gives?: readonly string[] } = {},
): Capability {
  const { takes = [], gives = ['Outcome'] } = ports
  return defineCapability({ name, description, takes: portsOf(takes), gives: portsOf(gives), effect: 'reads' })
}

function portsOf(names: readonly string[]) {
  return Object.fromEntries(
    names.map(name => [name.slice(0, 1).toLowerCase() + name.slice(1), concept(name, z.unknown())]),
  )
}
