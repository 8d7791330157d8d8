/** `muster doctor`: what this machine has, what is wrong with it, and what to do about that. */
import { constants, existsSync } from 'node:fs'
import { access } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createRegistry } from '../../agents/index.ts'
import { type MusterConfig, readPolicies } from '../../config.ts'
import { storeFile } from '../../coordinator.ts'
import { MusterError, problemOf } from '../../core/index.ts'
import { openLocalNode } from '../../nodes/index.ts'
import { checkPolicies } from '../../policy/index.ts'
import type { Cli } from '../cli.ts'
import { findConfig } from '../load-config.ts'
import { exits, type Report } from '../report.ts'
import { openConfig } from '../session.ts'
import { type Line, line, styled, table } from '../view/text.ts'
import { bytes } from '../view/words.ts'

/** One thing that was looked at. A `note` takes nothing away that is needed; a `problem` does. */
interface Check {
  readonly name: string
  readonly state: 'ok' | 'note' | 'problem'
  readonly says: string
  /** What to do about it. */
  readonly hint?: string
}

/** Looks at this machine; problems make it exit 1. */
export async function examine(cli: Cli): Promise<Report> {
  const { checks: configured, config } = await configChecks(cli)
  const { data } = cli.options
  const file = storeFile(config ?? { root: cli.cwd, ...(data === undefined ? {} : { data }) })
  const checks: readonly Check[] = [
    nodeCheck(),
    { name: 'system', state: 'ok', says: `${os.type()} ${os.release()}, ${process.arch}` },
    {
      name: 'processor',
      state: 'ok',
      says: `${os.availableParallelism()} × ${os.cpus()[0]?.model.trim() || 'unknown'}`,
    },
    { name: 'memory', state: 'ok', says: `${bytes(os.totalmem())}, ${bytes(os.freemem())} free` },
    ...(await deviceChecks(cli)),
    sqliteCheck(),
    await storeCheck(file),
    { name: 'bus', state: 'ok', says: 'in this process, nothing to set up' },
    ...configured,
    ...keyChecks(cli.env),
  ]
  const problems = checks.filter(({ state }) => state === 'problem').length
  return {
    exit: problems === 0 ? exits.done : exits.failed,
    document: { ok: problems === 0, checks },
    lines: [
      ...table(checks.map(headOf)).flatMap((head, index) => [head, ...hintOf(checks[index])]),
      line(),
      verdict(problems),
    ],
  }
}

function verdict(problems: number): Line {
  if (problems === 0) return line(styled('green', 'ready'))
  return line(styled('red', `${problems} ${problems === 1 ? 'problem' : 'problems'}`))
}

function nodeCheck(): Check {
  const [major] = process.versions.node.split('.')
  if (Number(major) >= 24) return { name: 'node', state: 'ok', says: process.versions.node }
  return { name: 'node', state: 'problem', says: process.versions.node, hint: 'install Node 24 or newer' }
}

async function deviceChecks({ clock }: Cli): Promise<readonly Check[]> {
  await using node = await openLocalNode({ agents: [], clock })
  const { devices, capacity } = node.view()
  const checks = devices.map(({ id, kind, name, provider, simulated }): Check => {
    const memory = kind === 'gpu' && !simulated ? `, ${bytes(capacity.vram ?? 0)}` : ''
    const says = `${name}${memory}, by the ${provider} execution provider`
    if (!simulated) return { name: `device ${id}`, state: 'ok', says }
    const hint = 'good for trying things out, slower than the CPU; a real GPU needs its own driver'
    return { name: `device ${id}`, state: 'note', says: `${says}, simulated in software`, hint }
  })
  if (devices.some(({ kind }) => kind === 'gpu')) return checks
  const hint = 'models run on the CPU; for a GPU install its driver (CUDA or Vulkan) and let this user open it'
  return [...checks, { name: 'device gpu', state: 'note', says: 'ONNX Runtime reaches no GPU', hint }]
}

function sqliteCheck(): Check {
  using db = new DatabaseSync(':memory:')
  return {
    name: 'sqlite',
    state: 'ok',
    says: String(db.prepare('SELECT sqlite_version() AS version').get()?.['version']),
  }
}

async function storeCheck(file: string): Promise<Check> {
  const folder = path.dirname(file)
  let there = folder
  while (!existsSync(there)) there = path.dirname(there)
  const says = existsSync(file) ? file : `${file}, made by the first run`
  try {
    await access(existsSync(file) ? file : there, constants.R_OK | constants.W_OK)
    await access(there, constants.W_OK | constants.X_OK)
    return { name: 'store', state: 'ok', says }
  } catch {
    const hint = `let this user write to \`${there}\`, or name another folder with \`--data\``
    return { name: 'store', state: 'problem', says: `\`${there}\` cannot be written`, hint }
  }
}

async function configChecks(cli: Cli): Promise<{ readonly checks: readonly Check[]; readonly config?: MusterConfig }> {
  const file = findConfig(cli)
  if (file === undefined) {
    const hint = 'write `muster.config.ts`, or name one with `--config`'
    return { checks: [{ name: 'configuration', state: 'note', says: `there is none in ${cli.cwd}`, hint }] }
  }
  try {
    await using opened = await openConfig(cli)
    const { config } = opened
    const { capabilities, agents } = createRegistry(config.agents, config)
    const says = `${file}: ${agents.length} agents, ${capabilities.length} capabilities`
    return {
      checks: [{ name: 'configuration', state: 'ok', says }, ...(await policyChecks(config, capabilities))],
      config,
    }
  } catch (error) {
    return { checks: [problemCheck('configuration', error)] }
  }
}

async function policyChecks(
  config: MusterConfig,
  capabilities: Parameters<typeof checkPolicies>[1],
): Promise<readonly Check[]> {
  try {
    const scopes = await readPolicies(config)
    const issues = checkPolicies(scopes, capabilities)
    const files = scopes.reduce((sum, { policies }) => sum + policies.length, 0)
    if (issues.length === 0)
      return [
        {
          name: 'policies',
          state: 'ok',
          says: `${files} ${files === 1 ? 'file' : 'files'}, checked against the capabilities`,
        },
      ]
    return issues.map(({ severity, file, line, message }) => {
      const says = `${file}:${line}: ${message}`
      return {
        name: 'policies',
        state: severity === 'error' ? 'problem' : 'note',
        says,
        hint: 'correct it at that place',
      }
    })
  } catch (error) {
    return [problemCheck('policies', error)]
  }
}

function problemCheck(name: string, error: unknown): Check {
  const { message, hint } = problemOf(
    error instanceof MusterError ? error : new MusterError('bad-config', String(error)),
  )
  return { name, state: 'problem', says: message, ...(hint === undefined ? {} : { hint }) }
}

// Whether they are set, never what they are.
function keyChecks(env: Cli['env']): readonly Check[] {
  const set = (name: string) => env[name] !== undefined && env[name] !== ''
  const unset = 'only agents that use a language model need it'
  return ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'OPENAI_MODEL'].map(name =>
    set(name) ? { name, state: 'ok', says: 'set' } : { name, state: 'note', says: 'not set', hint: unset },
  )
}

const marks = { ok: styled('green', '✓'), note: styled('dim', '·'), problem: styled('red', '✗') } as const

function headOf({ name, state, says }: Check): readonly Line[] {
  return [line(marks[state], ` ${name}`), line(says)]
}

function hintOf(check: Check | undefined): readonly Line[] {
  return check?.hint === undefined ? [] : [line(styled('dim', `    ${check.hint}`))]
}
