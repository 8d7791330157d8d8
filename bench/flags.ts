/** The flags of a benchmark: names with a value each. */
import { parseArgs } from 'node:util'
import { MusterError } from '../src/core/index.ts'

/** Reads `flags`; those that `defaults` leaves out must be given. Throws `bad-input` with `usage` as the hint otherwise. */
export function readFlags<Name extends string>(
  flags: readonly string[],
  names: readonly Name[],
  usage: string,
  defaults: Readonly<Record<string, string>> = {},
): Readonly<Record<Name, string>> {
  const values: Readonly<Record<string, string | undefined>> = { ...defaults, ...parsed(flags, names, usage) }
  if (has(values, names)) return values
  const missing = names.filter(name => values[name] === undefined).map(name => `\`--${name}\``)
  throw new MusterError('bad-input', `no value is given for ${missing.join(', ')}`, { hint: `give ${usage}` })
}

function has<Name extends string>(
  values: Readonly<Record<string, string | undefined>>,
  names: readonly Name[],
): values is Readonly<Record<Name, string>> {
  return names.every(name => values[name] !== undefined)
}

function parsed(
  flags: readonly string[],
  names: readonly string[],
  usage: string,
): Readonly<Record<string, string | undefined>> {
  try {
    const options = Object.fromEntries(names.map(name => [name, { type: 'string' as const }]))
    return parseArgs({ args: [...flags], options, allowPositionals: false }).values
  } catch (cause) {
    throw new MusterError('bad-input', `the flags \`${flags.join(' ')}\` are not known`, {
      hint: `give ${usage}`,
      cause,
    })
  }
}
