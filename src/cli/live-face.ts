/**
 * A run on a terminal: its picture is repainted in place, and what waits for people is asked at the keyboard.
 *
 * 1. Everything that changes (an event, a key, the time) changes one state; `paint` shows that state and nothing else.
 * 2. An answer that was sent is not asked for again until the run has moved, unless it was refused.
 */
import type { ReadStream, WriteStream } from 'node:tty'
import { type Clock, type Principal, problemOf } from '../core/index.ts'
import type { Face, Reply, StandIn } from './face.ts'
import { openTerminal } from './terminal.ts'
import { boardOf } from './view/board.ts'
import type { RunView } from './view/model.ts'
import { type Answered, type Key, keyOf, press, type Prompt, promptFor, promptLines } from './view/prompt.ts'
import { type Line, line, type Paint, styled } from './view/text.ts'

// Milliseconds between two looks at the clock.
const tick = 250

/** Shows a run on the terminal of this process. `leave` is called for control-C. */
export function openLiveFace(options: {
  readonly input: ReadStream
  readonly output: WriteStream
  readonly paint: Paint
  readonly clock: Clock
  readonly reply: Reply
  readonly people: readonly Principal[]
  readonly standIn: StandIn | undefined
  readonly leave: () => void
}): Face {
  const { clock, reply, people, standIn } = options
  const sent = new Set<string>()
  let view: RunView | undefined
  let prompt: Prompt | undefined
  let notices: readonly Line[] = []
  let patientUntil: number | undefined
  let stopTick = () => {}

  const terminal = openTerminal({ ...options, press: key => onKey(key) })

  const paint = (whole = false) => {
    if (view === undefined) return
    const now = clock.now()
    const asked = prompt === undefined ? [] : [...promptLines(prompt, now), ...patienceLines(now)]
    const room = whole ? undefined : Math.max(1, terminal.height - 1 - notices.length - asked.length)
    const board = boardOf(view, { width: terminal.width - 1, height: room, now })
    terminal.paint([...board, ...notices, ...asked], prompt !== undefined && patientUntil === undefined)
  }
  const patienceLines = (now: number): readonly Line[] => {
    if (patientUntil === undefined) return []
    const seconds = Math.max(0, Math.ceil((patientUntil - now) / 1000))
    return [line(styled('dim', `press a key, or ${standIn?.name ?? ''} answers in ${seconds} s`))]
  }

  const ask = () => {
    const next = view && promptFor(view, people)
    if (next !== undefined && sent.has(keyOf(next))) prompt = undefined
    else if (prompt === undefined || next === undefined || keyOf(prompt) !== keyOf(next)) {
      prompt = next
      const speaks = next !== undefined && standIn?.speak(next) !== undefined
      patientUntil = speaks ? clock.now() + standIn.patience : undefined
    }
  }
  const send = (answered: Answered, asked: Prompt) => {
    if (view === undefined) return
    const key = keyOf(asked)
    sent.add(key)
    patientUntil = undefined
    notices = []
    ask()
    reply(answered, view).catch(error => {
      sent.delete(key)
      notices = [line(styled('red', `that was refused: ${problemOf(error).message}`))]
      ask()
      paint()
    })
  }
  const onKey = (key: Key) => {
    patientUntil = undefined
    if (prompt !== undefined) {
      const next = press(prompt, key)
      if (next.kind === 'answer' || next.kind === 'decision') send(next, prompt)
      else prompt = next
    }
    paint()
  }
  const onTick = () => {
    stopTick = clock.after(tick, onTick)
    if (prompt !== undefined && patientUntil !== undefined && clock.now() >= patientUntil) {
      const said = standIn?.speak(prompt)
      if (said !== undefined) {
        send(said.answered, prompt)
        notices = [line(styled('cyan', said.words))]
      }
    }
    paint()
  }
  onTick()

  return {
    show(next) {
      view = next
      ask()
      paint()
    },
    answers: view => promptFor(view, people) !== undefined,
    [Symbol.dispose]() {
      stopTick()
      prompt = undefined
      paint(true)
      terminal[Symbol.dispose]()
    },
  }
}
