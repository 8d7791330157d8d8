/** Finding and reading the configuration file of a Muster. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { defineConfig, type MusterConfig } from '../config.ts'
import { MusterError, problemOf } from '../core/index.ts'
import type { Cli } from './cli.ts'

const names = ['muster.config.ts', 'muster.config.js', 'muster.config.mjs']

const example = 'export default defineConfig({ agents: […], policies: "./policies" })'

/** The path of the configuration: `--config`, or the one in the working directory; undefined when there is none. */
export function findConfig({ options, cwd }: Cli): string | undefined {
  if (options.config !== undefined) return path.resolve(cwd, options.config)
  return names.map(name => path.join(cwd, name)).find(file => existsSync(file))
}

/**
 * The configuration, with `--data` in it. What it says of paths starts from its own folder. Throws `bad-config` when there
 * is none, when it throws, or when it does not export a configuration.
 */
export async function loadConfig(cli: Cli): Promise<MusterConfig> {
  const file = findConfig(cli)
  if (file === undefined) {
    throw new MusterError('bad-config', `there is no configuration in \`${cli.cwd}\``, {
      hint: `write \`muster.config.ts\` with \`${example}\`, or name a file with \`--config\``,
    })
  }
  if (!existsSync(file)) {
    throw new MusterError('bad-config', `there is no file \`${file}\``, { hint: 'name another one with `--config`' })
  }
  try {
    const config = await configIn(file)
    const { data } = cli.options
    return { root: path.dirname(file), ...config, ...(data === undefined ? {} : { data: path.resolve(cli.cwd, data) }) }
  } catch (cause) {
    const { message, hint } = problemOf(cause)
    throw new MusterError('bad-config', `the configuration \`${file}\` cannot be used: ${message}`, {
      hint: hint ?? `correct it; it looks like \`${example}\``,
      cause,
    })
  }
}

async function configIn(file: string): Promise<MusterConfig> {
  const loaded: { readonly default?: unknown } = await import(pathToFileURL(file).href)
  const exported = loaded.default
  const config: unknown = typeof exported === 'function' ? await exported() : exported
  if (isConfig(config)) return defineConfig(config)
  throw new MusterError('bad-config', 'its default export is no configuration with `agents` and `policies`')
}

function isConfig(value: unknown): value is MusterConfig {
  return (
    typeof value === 'object' &&
    value !== null &&
    'agents' in value &&
    Array.isArray(value.agents) &&
    'policies' in value
  )
}
