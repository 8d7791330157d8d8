/** A task is a contract without work: what is to be done, from which data and to which. Methods say how. */
import { type Concept, MusterError } from '../core/index.ts'
import type { FactPattern } from './capability.ts'

/** Work that is asked for as a whole and done by one of its methods. */
export interface Task<
  Takes extends Readonly<Record<string, Concept>> = Readonly<Record<string, Concept>>,
  Gives extends Readonly<Record<string, Concept>> = Readonly<Record<string, Concept>>,
  Name extends string = string,
> {
  readonly kind: 'task'
  /** Dotted lower-case words, such as `complaint.settle`. */
  readonly name: Name
  readonly description: string
  readonly takes: Takes
  /** May be empty: then it is only to be done. */
  readonly gives: Gives
  /** Facts that must hold about inputs before any step of it runs. */
  readonly requires: readonly FactPattern[]
}

/** Declares a task. Throws `bad-config` on a malformed one. */
export function defineTask<
  const Name extends string,
  const Takes extends Readonly<Record<string, Concept>>,
  const Gives extends Readonly<Record<string, Concept>>,
>(definition: {
  name: Name
  takes: Takes
  gives: Gives
  description?: string
  requires?: readonly FactPattern[]
}): Task<Takes, Gives, Name> {
  const { name, takes, gives, requires = [] } = definition
  const refuse = (why: string, hint: string): never => {
    throw new MusterError('bad-config', `task \`${name}\`: ${why}`, { hint })
  }
  if (!/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)*$/.test(name))
    refuse('the name is malformed', 'use dotted lower-case words, such as `complaint.settle`')
  for (const port of [...Object.keys(takes), ...Object.keys(gives)])
    if (!/^[a-z][A-Za-z0-9]{0,79}$/.test(port))
      refuse(`the port name \`${port}\` is malformed`, 'use lowerCamelCase, such as `refundPolicy`')
  for (const { fact, about } of requires)
    for (const port of about)
      if (!Object.hasOwn(takes, port))
        refuse(`fact \`${fact}\` is about \`${port}\`, which is no input of it`, 'require facts about inputs only')
  return {
    kind: 'task',
    name,
    description: definition.description ?? name.replaceAll(/[.-]/g, ' '),
    takes,
    gives,
    requires,
  }
}
