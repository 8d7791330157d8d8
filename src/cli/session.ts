/** Opening what a command works on: a Muster, its configuration alone, or a store without any configuration. */
import { existsSync } from 'node:fs'
import pino from 'pino'
import { type MusterConfig, operator, peopleOf } from '../config.ts'
import { createMuster, type Muster, storeFile } from '../coordinator.ts'
import { MusterError, type Principal } from '../core/index.ts'
import { openSqliteStore, type Store } from '../store/index.ts'
import type { Cli } from './cli.ts'
import { findConfig, loadConfig } from './load-config.ts'

/** A configuration whose attached parts end with it. */
export interface OpenConfig extends AsyncDisposable {
  readonly config: MusterConfig
}

/** Reads the configuration for commands that need no Muster. */
export async function openConfig(cli: Cli): Promise<OpenConfig> {
  await using stack = new AsyncDisposableStack()
  const config = await loadConfig(cli)
  for (const one of config.attached ?? []) stack.use(one)
  const owned = stack.move()
  return { config, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

/** A Muster with its configuration, and the person for whom the command speaks. */
export interface Session extends AsyncDisposable {
  readonly muster: Muster
  readonly config: MusterConfig
  readonly as: Principal
}

/** Starts the configured Muster for person `as` (default the operator); nothing is written before that name is known. */
export async function openSession(
  cli: Cli,
  { as, work }: { readonly as: string | undefined; readonly work: boolean },
): Promise<Session> {
  await using stack = new AsyncDisposableStack()
  const { attached = [], ...config } = await loadConfig(cli)
  for (const one of attached) stack.use(one)
  const person = personNamed(config, as)
  // Log lines would run into the picture; whoever wants them sends standard error elsewhere.
  const quiet = cli.screen !== undefined && process.stderr.isTTY
  const muster = stack.use(await createMuster(config, { work, ...(quiet ? { log: pino({ level: 'silent' }) } : {}) }))
  const owned = stack.move()
  return { muster, config, as: person, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

function personNamed(config: MusterConfig, as: string | undefined): Principal {
  if (as === undefined) return operator
  const people = peopleOf(config)
  const person = people.find(({ id }) => id === as)
  if (person !== undefined) return person
  throw new MusterError('bad-input', `the configuration knows nobody called \`${as}\``, {
    hint: `name one of ${people.map(({ id }) => `\`${id}\``).join(', ')}, or add them to \`people\``,
  })
}

/** Where the store lies: in `--data`, where the configuration says, or in `.muster`. Throws `not-found` when it is not there. */
export async function openKept(cli: Cli): Promise<Store> {
  const file = await keptFile(cli)
  if (existsSync(file)) return openSqliteStore({ file })
  throw new MusterError('not-found', `there is no store \`${file}\``, {
    hint: 'name its folder with `--data`; `muster run` makes one',
  })
}

async function keptFile(cli: Cli): Promise<string> {
  const { data } = cli.options
  if (data !== undefined || findConfig(cli) === undefined)
    return storeFile({ root: cli.cwd, ...(data === undefined ? {} : { data }) })
  await using opened = await openConfig(cli)
  return storeFile(opened.config)
}
