/** How a run is shown to somebody while it goes on, and how their answers come back. */
import type { RunEvent } from '../runtime/index.ts'
import type { RunView } from './view/model.ts'
import type { Answered, Prompt } from './view/prompt.ts'

/** Where a run is shown. Disposal ends the showing. */
export interface Face extends Disposable {
  /** Shows what has happened; `view` is the run after `event`. */
  show(view: RunView, event: RunEvent): void
  /** Whether somebody here will answer what the run waits for. */
  answers(view: RunView): boolean
}

/** Sends an answer. Rejects when it is refused. */
export type Reply = (answered: Answered, view: RunView) => Promise<void>

/** Answers when nobody does: a persona of a demonstration. */
export interface StandIn {
  /** What it is called where its answers are shown, such as `the demo`. */
  readonly name: string
  /** Milliseconds without a key after which it answers. Without a keyboard it answers at once. */
  readonly patience: number
  /** What it says, with the words that tell whose answer it gives; undefined: it leaves that to others. */
  speak(prompt: Prompt): { readonly answered: Answered; readonly words: string } | undefined
}
