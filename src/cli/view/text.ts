/**
 * Styled text as data: lines of spans, measured in columns of a terminal. What was written by people, agents or models may
 * hold control characters; they are taken out here, so that no text can move the cursor or change the screen.
 */
import { stripVTControlCharacters } from 'node:util'

/** How a span looks; each is a format of `styleText`. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** A piece of a line in one style. */
export interface Span {
  readonly text: string
  readonly style?: Style
}

/** One line; it holds no line break. */
export type Line = readonly Span[]

/** Puts a style on a text: with escape sequences, or not at all. */
export type Paint = (style: Style, text: string) => string

/** A line of plain and styled pieces; `undefined` pieces are left out. */
export function line(...pieces: readonly (string | Span | undefined)[]): Line {
  return pieces.flatMap(piece => {
    if (piece === undefined) return []
    return typeof piece === 'string' ? [{ text: clean(piece) }] : [{ ...piece, text: clean(piece.text) }]
  })
}

/** A piece in a style. */
export function styled(style: Style, text: string): Span {
  return { text, style }
}

/** The pieces of a text with values in backticks; those stand out better in colour. */
export function quoted(text: string): readonly (string | Span)[] {
  return text.split('`').map((piece, index) => (index % 2 === 0 ? piece : styled('cyan', piece)))
}

/** The lines of a text that may have several, each without control characters. */
export function linesIn(text: string, style?: Style): readonly Line[] {
  return text.split(/\r?\n/).map(one => line(style === undefined ? one : styled(style, one)))
}

/** The text in lines of at most `width` columns, broken between words; only a word that is wider stays so. */
export function wrap(text: string, width: number): string {
  const lines = text.split('\n').map(one => {
    let column = 0
    return one.replaceAll(/( *)(\S+)/g, (_, blanks: string, word: string) => {
      const breaks = column > 0 && column + widthOf(blanks + word) > width
      column = breaks ? widthOf(word) : column + widthOf(blanks + word)
      return breaks ? `\n${word}` : blanks + word
    })
  })
  return lines.join('\n')
}

// Line breaks inside a line, and marks that turn the direction of writing, are taken out with them.
function clean(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
}

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Columns that a text takes on a terminal. */
export function widthOf(text: string): number {
  let width = 0
  for (const { segment } of characters.segment(text)) width += columnsOf(segment)
  return width
}

// East Asian wide and full-width characters, and pictures, take two columns.
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|^\p{Emoji_Presentation}|^[\u{20000}-\u{3fffd}]/u

function columnsOf(character: string): number {
  if (/^[\p{Mark}\u200b-\u200d\ufeff]/u.test(character)) return 0
  return wide.test(character) || character.includes('\ufe0f') ? 2 : 1
}

/** Columns that a line takes. */
export function lineWidth(spans: Line): number {
  return spans.reduce((sum, { text }) => sum + widthOf(text), 0)
}

/** The line, cut with `…` to at most `width` columns. */
export function fit(spans: Line, width: number): Line {
  if (lineWidth(spans) <= width) return spans
  const kept: Span[] = []
  let left = width - 1
  for (const span of spans) {
    let text = ''
    for (const { segment } of characters.segment(span.text)) {
      left -= columnsOf(segment)
      if (left < 0) return [...kept, { ...span, text: `${text}…` }]
      text += segment
    }
    kept.push({ ...span, text })
  }
  return kept
}

/** The line, filled with blanks to at least `width` columns. */
export function pad(spans: Line, width: number): Line {
  const missing = width - lineWidth(spans)
  return missing > 0 ? [...spans, { text: ' '.repeat(missing) }] : spans
}

/** Rows in columns, two blanks apart, each as wide as its widest cell that has another one behind it. */
export function table(rows: readonly (readonly Line[])[]): readonly Line[] {
  const columns = Math.max(0, ...rows.map(row => row.length))
  const widths = Array.from({ length: columns }, (_, index) =>
    Math.max(0, ...rows.map(row => (index === row.length - 1 ? 0 : lineWidth(row[index] ?? [])))),
  )
  return rows.map(row =>
    row.flatMap((cell, index) =>
      index === row.length - 1 ? cell : [...pad(cell, widths[index] ?? 0), { text: '  ' }],
    ),
  )
}

/** The line as a string. */
export function paintLine(spans: Line, paint: Paint): string {
  return spans.map(({ text, style }) => (style === undefined ? text : paint(style, text))).join('')
}
