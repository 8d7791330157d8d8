/**
 * The command line: reads the words, does the work, prints the report.
 *
 * 1. Standard output carries the result alone; under `--json` it is one document, also when the command fails.
 * 2. What went wrong is told on standard error: its code, what happened, what to do.
 */
import { readFile } from 'node:fs/promises'
import { CommanderError } from 'commander'
import { MusterError, problemOf } from '../core/index.ts'
import type { CommonOptions } from './cli.ts'
import { createProgram, type Work } from './program.ts'
import { exitFor, exits, problemLines } from './report.ts'
import { surroundings, writeDocument, writeLines } from './surroundings.ts'

const words = process.argv.slice(2)
// Asked before the words are read, so that bad usage is told in JSON too.
const json = words.includes('--json')

async function version(): Promise<string> {
  const file: { readonly version: string } = JSON.parse(
    await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
  )
  return file.version
}

/** The work that the words ask for; undefined when they ask for help, which is printed. */
function read(program: ReturnType<typeof createProgram>, asked: () => Work | undefined): Work | undefined {
  let help = ''
  program.configureOutput({ writeOut: text => (help += text), writeErr: () => {}, outputError: () => {} })
  for (const command of [program, ...program.commands.flatMap(one => [one, ...one.commands])])
    command.exitOverride().copyInheritedSettings(program)
  try {
    program.parse(words, { from: 'user' })
    return asked()
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) {
      if (json) writeDocument({ help })
      else process.stdout.write(help)
      return undefined
    }
    throw usageError(error, program)
  }
}

function usageError({ code, message }: CommanderError, program: ReturnType<typeof createProgram>): MusterError {
  const known = program.commands.map(command => command.name()).join(', ')
  if (code === 'commander.help') {
    return new MusterError('bad-input', 'no command is named', {
      hint: `name one of ${known}, or read \`muster --help\``,
    })
  }
  const text = message
    .replace(/^error: /, '')
    .replaceAll("'", '`')
    .replace('\n', ' ')
  return new MusterError('bad-input', text, { hint: 'read `muster --help`, or `muster COMMAND --help` for an example' })
}

// Whoever reads the output may stop reading, as `head` does; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

async function main(): Promise<number> {
  // Timers of the clock do not keep the process alive; work that waits for one does.
  const alive = setInterval(() => {}, 60_000)
  try {
    let work: Work | undefined
    const program = createProgram(await version(), asked => (work = asked))
    const asked = read(program, () => work)
    if (asked === undefined) return exits.done
    const { exit, document, lines } = await asked(surroundings(program.opts<CommonOptions>(), json))
    if (!json) writeLines(process.stdout, lines)
    else if (document !== undefined) writeDocument(document)
    return exit
  } catch (error) {
    const problem = problemOf(error)
    if (json) writeDocument({ error: problem })
    writeLines(process.stderr, problemLines(problem))
    return exitFor(problem)
  } finally {
    clearInterval(alive)
  }
}

process.exitCode = await main()
