/**
 * Answers by idempotency key, so that a repeated request gets the first one's answer and nothing is done twice.
 *
 * 1. While work under a key is going on, the same request waits for it.
 * 2. What failed is forgotten: it may be asked again under the same key.
 * 3. A bounded number is kept, the newest.
 */
import { type Digest, MusterError } from '../../core/index.ts'

/** Does work once a key. */
export interface Answers {
  /** The answer under `key`; `work` is done when there is none. Rejects with `conflict` when `request` is another one. */
  once(key: string, request: Digest, work: () => Promise<string>): Promise<string>
}

/** Remembers up to `most` answers in this process. */
export function rememberAnswers(most: number): Answers {
  const kept = new Map<string, { readonly request: Digest; readonly answer: Promise<string> }>()
  return {
    async once(key, request, work) {
      const known = kept.get(key)
      if (known !== undefined) {
        if (known.request === request) return known.answer
        throw new MusterError('conflict', 'the idempotency key stands for another request', {
          hint: 'use a new key for new work',
        })
      }
      const answer = work()
      kept.set(key, { request, answer })
      answer.catch(() => {
        if (kept.get(key)?.answer === answer) kept.delete(key)
      })
      const oldest = kept.keys().next()
      if (kept.size > most && !oldest.done) kept.delete(oldest.value)
      return answer
    },
  }
}
