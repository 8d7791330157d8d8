/** The process as the command line sees it: its streams, its signals, its folder. */
import { styleText } from 'node:util'
import { MusterError, systemClock } from '../core/index.ts'
import type { Cli, CommonOptions } from './cli.ts'
import { exits } from './report.ts'
import { type Line, paintLine } from './view/text.ts'

/** Writes lines, in colour where the stream shows colour and nobody has asked for none (`NO_COLOR`). */
export function writeLines(stream: NodeJS.WriteStream, lines: readonly Line[]): void {
  if (lines.length === 0) return
  const text = lines.map(one => paintLine(one, (style, text) => styleText(style, text, { stream })))
  stream.write(`${text.join('\n')}\n`)
}

/** Writes the one document of `--json`. */
export function writeDocument(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`)
}

/** This process for a command with `options`; `json`: standard output is kept for one document. */
export function surroundings(options: CommonOptions, json: boolean): Cli {
  const leaving = new AbortController()
  const interrupt = () => {
    if (leaving.signal.aborted) process.exit(exits.interrupted)
    leaving.abort(new MusterError('cancelled', 'told to end'))
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  const { stdin: input, stdout: output } = process
  const live = !json && input.isTTY && output.isTTY
  return {
    options,
    cwd: process.cwd(),
    env: process.env,
    clock: systemClock,
    print: lines => {
      if (!json) writeLines(output, lines)
    },
    publish: document => {
      if (json) writeDocument(document)
    },
    screen: live ? { input, output, paint: (style, text) => styleText(style, text, { stream: output }) } : undefined,
    leave: leaving.signal,
    interrupt,
  }
}
