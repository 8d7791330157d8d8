/** What every command has at hand: options, the places it writes to, the time. */
import type { ReadStream, WriteStream } from 'node:tty'
import type { Clock } from '../core/index.ts'
import type { Line, Paint } from './view/text.ts'

/** Options that every command takes. */
export interface CommonOptions {
  /** Folder of the embedded store. */
  readonly data?: string
  /** File of the configuration. */
  readonly config?: string
}

/** The surroundings of a command. */
export interface Cli {
  readonly options: CommonOptions
  /** Relative paths start here. */
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** Writes lines at once, while the command goes on; nothing under `--json`. */
  print(lines: readonly Line[]): void
  /** Prints the one document of `--json` before the command has ended; its report then has none. */
  publish(document: unknown): void
  /** The terminal on which a run can be shown live; undefined when there is none, or under `--json`. */
  readonly screen: { readonly input: ReadStream; readonly output: WriteStream; readonly paint: Paint } | undefined
  /** Aborts when the command is told to end: control-C, or a signal. */
  readonly leave: AbortSignal
  /** Makes `leave` abort; the second time ends the process. */
  interrupt(): void
}
