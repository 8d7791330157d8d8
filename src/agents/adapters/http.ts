/**
 * Agents in another process, reached over HTTP (`http-protocol.ts`). What comes back is not trusted: it is limited in
 * size and time, redirects are refused, and its errors become words of this agent, never codes that steer the run.
 */
import { duration, MusterError, withDeadline } from '../../core/index.ts'
import type { Agent } from '../agent.ts'
import { introduce, type Introduction } from '../introduction.ts'
import { offerIssues, offerSchema } from '../offer.ts'
import { errorAnswerSchema, largestAnswer, performAnswerSchema } from './http-protocol.ts'

/** An agent over HTTP as it is declared. */
interface HttpAgentDefinition extends Introduction {
  /** Where it listens, such as `https://agents.example.org/scorer`. */
  readonly url: string
  /** Who owns it. */
  readonly domain: string
  /** What it knows us by; sent to `url` and nowhere else. */
  readonly token?: string
  /** How long one work may take at most, such as `30s`, the default. */
  readonly timeout?: string
}

/**
 * Declares an agent that another process is. Throws `bad-config` on a malformed definition. Its work rejects with
 * `agent-silent` when it does not answer in time and with `agent-failed` for everything else.
 */
export function httpAgent(definition: HttpAgentDefinition): Agent {
  const { id, token, timeout = '30s' } = definition
  const base = baseOf(definition)
  const patience = duration(timeout)
  const post = (path: string, body: unknown, signal: AbortSignal, headers: Readonly<Record<string, string>> = {}) =>
    askRemote({ agent: id, url: new URL(path, base), token, body, headers, signal })
  return {
    ...introduce(definition),
    kind: 'http',
    models: [],
    async bid(context, signal) {
      const offer = offerSchema.safeParse(await post('bid', context, signal))
      if (offer.success) return offer.data
      throw failure(id, `made a malformed offer: ${offerIssues(offer.error)}`)
    },
    perform(capability, input, context) {
      const { clock, idempotencyKey, principal, inputs, missing } = context
      const deadline = Math.min(context.deadline, clock.now() + patience)
      const late = () => new MusterError('agent-silent', `agent \`${id}\` did not answer in time`)
      const body = { capability, input, deadline, principal, inputs, missing }
      const work = async (signal: AbortSignal) => {
        const answer = await post('perform', body, signal, { 'idempotency-key': idempotencyKey })
        const read = performAnswerSchema.safeParse(answer)
        if (read.success) return read.data.output
        throw failure(id, 'answered without an `output`')
      }
      return withDeadline(clock, deadline, work, { signal: context.signal, late })
    },
  }
}

function baseOf({ id, url }: HttpAgentDefinition): URL {
  const base = URL.canParse(url) ? new URL(url) : undefined
  const plain = base?.username === '' && base.password === '' && base.search === '' && base.hash === ''
  if (base === undefined || !plain || !['http:', 'https:'].includes(base.protocol)) {
    throw new MusterError('bad-config', `agent \`${id}\` has a malformed url`, {
      hint: 'use http or https, without a password, query or fragment; a secret goes into `token`',
    })
  }
  if (!base.pathname.endsWith('/')) base.pathname += '/'
  return base
}

interface RemoteRequest {
  readonly agent: string
  readonly url: URL
  readonly token: string | undefined
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

async function askRemote({ agent, url, token, body, headers, signal }: RemoteRequest): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...headers,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
    redirect: 'manual',
    signal,
  }).catch((thrown: unknown) => {
    signal.throwIfAborted()
    throw failure(agent, `cannot be reached at \`${url.host}\``, thrown)
  })
  if (response.status >= 300 && response.status < 400) {
    await response.body?.cancel()
    throw failure(agent, 'answered with a redirect, which is refused')
  }
  const answer = parseAnswer(await readLimited(agent, response, signal))
  if (!response.ok) {
    const said = errorAnswerSchema.safeParse(answer.value).data?.error.message ?? 'it did not say why'
    const safe = token ? said.replaceAll(token, '…') : said
    throw failure(agent, `answered with status ${response.status}: ${safe.slice(0, 300)}`)
  }
  if (!answer.isJson) throw failure(agent, 'answered with something that is not JSON')
  return answer.value
}

async function readLimited(agent: string, response: Response, signal: AbortSignal): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength
      if (size > largestAnswer) throw failure(agent, `answered with more than ${largestAnswer} bytes`)
      chunks.push(chunk)
    }
  } catch (thrown) {
    signal.throwIfAborted()
    throw thrown instanceof MusterError ? thrown : failure(agent, 'broke off its answer', thrown)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseAnswer(text: string): { readonly isJson: boolean; readonly value: unknown } {
  try {
    return { isJson: true, value: JSON.parse(text) }
  } catch {
    return { isJson: false, value: undefined }
  }
}

function failure(agent: string, why: string, cause?: unknown): MusterError {
  return new MusterError('agent-failed', `agent \`${agent}\` ${why}`, {
    hint: 'look at the process that is this agent',
    ...(cause === undefined ? {} : { cause }),
  })
}
