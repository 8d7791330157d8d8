/**
 * Who comes in: a bearer token stands for a person of the configuration.
 *
 * 1. Tokens are compared by their digests, against every person, so that the time taken tells nothing.
 * 2. A browser on another site's page is refused: it could act for somebody who only looks at that page.
 * 3. Where loopback is open, only this machine comes in without a token, by its own name, and not through a proxy.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Person } from '../config.ts'
import { MusterError, type Principal } from '../core/index.ts'

/** Tells who sends a request. Throws `unauthenticated`, and `forbidden` for a page of another site. */
export type Identify = (request: IncomingMessage, token: string | undefined) => Principal

/** The least characters of a token: anything shorter can be nobody's. */
const shortestToken = 16

/**
 * Prepares identification of `people` by their tokens; `principals` are who they are to Muster. `open`: who comes in from
 * this machine without a token. Throws `bad-config` when a token is short, is given twice, or belongs to nobody.
 */
export function createIdentify(
  people: readonly Person[],
  principals: readonly Principal[],
  open: Principal | undefined,
): Identify {
  const known = people.flatMap(({ id, token }) => {
    if (token === undefined) return []
    const principal = principals.find(one => one.id === id)
    if (principal === undefined) throw refuse(`there is nobody called \`${id}\``)
    if (token.length < shortestToken) throw refuse(`the token of \`${id}\` is too short`)
    return [{ principal, digest: digestOf(token) }]
  })
  if (new Set(known.map(({ digest }) => digest.toString('hex'))).size < known.length)
    throw refuse('two people have one token')

  return (request, token) => {
    refuseForeignPage(request)
    if (token !== undefined && (open === undefined || token.length >= shortestToken)) {
      const digest = digestOf(token)
      const matching = known.filter(one => timingSafeEqual(one.digest, digest))
      const [found] = matching
      if (found !== undefined) return found.principal
    } else if (open !== undefined && isThisMachine(request)) return open
    throw new MusterError('unauthenticated', `the token is ${token === undefined ? 'missing' : 'not known'}`, {
      hint: 'send `Authorization: Bearer <token>` with a token of the configuration',
    })
  }
}

/** The token of an `Authorization` header; undefined when there is none. */
export function bearerToken(header: string | undefined): string | undefined {
  const token = /^bearer (.*)$/i.exec(header ?? '')?.[1]?.trim()
  return token === '' ? undefined : token
}

function refuse(why: string): MusterError {
  return new MusterError('bad-config', `the gateway cannot know its people: ${why}`, {
    hint: `give each person a token of their own, of at least ${shortestToken} characters`,
  })
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

function refuseForeignPage({ headers }: IncomingMessage): void {
  const { origin, host } = headers
  if (origin === undefined || (URL.canParse(origin) && new URL(origin).host === host)) return
  throw new MusterError('forbidden', `a page of \`${origin.slice(0, 200)}\` may not use this server`, {
    hint: 'serve the page from the same host and port, or call from a program',
  })
}

// The name is looked at too: a foreign page can point a name of its own at this machine.
function isThisMachine({ headers, socket }: IncomingMessage): boolean {
  const { host = '' } = headers
  const forwarded = 'forwarded' in headers || 'x-forwarded-for' in headers
  const address = socket.remoteAddress ?? ''
  const local = address === '::1' || /^(::ffff:)?127\./.test(address)
  return local && !forwarded && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i.test(host)
}
