/**
 * A terminal that is written in place and read key by key.
 *
 * 1. Only the lines of the last paint are ever written over; what was printed before them stays.
 * 2. No line is wider and no paint higher than the screen, so that rows and lines are the same thing.
 * 3. Disposal gives the terminal back as it was.
 */
import { emitKeypressEvents } from 'node:readline'
import type { ReadStream, WriteStream } from 'node:tty'
import type { Key } from './view/prompt.ts'
import { fit, type Line, type Paint, paintLine } from './view/text.ts'

/** A terminal in the hands of a live view. */
export interface Terminal extends Disposable {
  readonly width: number
  readonly height: number
  /** Replaces the last paint. `typing`: the cursor stands behind the last line and is shown. */
  paint(lines: readonly Line[], typing: boolean): void
}

const hideCursor = '\u001b[?25l'
const showCursor = '\u001b[?25h'
// Line by line: a terminal that is cleared as a whole keeps what it showed as history.
const clearRest = '\u001b[0K'
const clearBelow = '\u001b[0J'

/** Takes a terminal; `press` gets every key, `leave` is called for control-C. */
export function openTerminal(options: {
  readonly input: ReadStream
  readonly output: WriteStream
  readonly paint: Paint
  readonly press: (key: Key) => void
  readonly leave: () => void
}): Terminal {
  const { input, output } = options
  let painted = 0
  let typed = false

  const onKey = (text: string | undefined, key: { readonly name?: string; readonly ctrl?: boolean }) => {
    if (key.ctrl && key.name === 'c') options.leave()
    else options.press({ name: key.name, text: key.ctrl ? '' : (text ?? '') })
  }
  emitKeypressEvents(input)
  input.setRawMode(true)
  input.on('keypress', onKey)
  input.resume()
  output.write(hideCursor)

  return {
    get width() {
      return output.columns
    },
    get height() {
      return output.rows
    },
    paint(lines, typing) {
      // While somebody types, the cursor stands in the last line and not below it.
      const up = typed ? painted - 1 : painted
      const back = up > 0 ? `\r\u001b[${up}A` : '\r'
      const text = lines.map(one => paintLine(fit(one, output.columns - 1), options.paint) + clearRest)
      output.write(`${back}${text.join('\n')}${typing ? showCursor : `\n${hideCursor}`}${clearBelow}`)
      painted = lines.length
      typed = typing
    },
    [Symbol.dispose]() {
      input.off('keypress', onKey)
      input.setRawMode(false)
      input.pause()
      output.write(`${typed ? '\n' : ''}${showCursor}`)
    },
  }
}
