/** How a run came out, in the words of an assistant. */
import type { RunResult } from '../../runtime/index.ts'

/**
 * The answer: what was wanted, when it has words (a text, or a `text` within it), else as JSON. A run that did not bring
 * everything says why, unless its own words were written knowing that something was denied.
 */
export function answerText({ status, reason, outputs }: Pick<RunResult, 'status' | 'reason' | 'outputs'>): string {
  const values = Object.values(outputs)
  const words = values.flatMap(wordsOf).join('\n\n')
  switch (status) {
    case 'succeeded': {
      if (words !== '') return words
      const [only, ...others] = values
      return JSON.stringify(others.length === 0 ? only : outputs, undefined, 2) ?? reason
    }
    case 'denied':
      return words === '' ? `This may not be done: ${reason}` : words
    case 'failed':
      return words === ''
        ? `This could not be done: ${reason}`
        : `${words}\n\n(Not everything could be done: ${reason})`
    case 'cancelled':
      return `This was cancelled: ${reason}`
    case 'outside':
      return reason
  }
}

function wordsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null || !('text' in value)) return []
  return typeof value.text === 'string' ? [value.text] : []
}
