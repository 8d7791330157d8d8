/** A route as data: what it takes and does. The server and its description are made from the same routes. */
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Muster } from '../coordinator.ts'
import { type Clock, parse, type Principal } from '../core/index.ts'
import type { HoldStream, TakeTurn } from './rate.ts'
import { readBody } from './read.ts'

/** What Hono keeps for a request: the raw sockets, and who asks. */
export interface GatewayEnv {
  readonly Bindings: HttpBindings
  readonly Variables: { principal: Principal }
}

/** What every route and socket has at hand. */
export interface Gatehouse {
  readonly muster: Muster
  readonly clock: Clock
  readonly log: Logger
  readonly takeTurn: TakeTurn
  readonly holdStream: HoldStream
  /** Milliseconds between signs of life on a quiet stream. */
  readonly heartbeat: number
  /** Aborts when the gateway closes: streams end, nobody waits on. */
  readonly closing: AbortSignal
}

/** A request that was let in and whose `input` (the body, or the query) was checked. */
export interface Asked<Input> extends Gatehouse {
  readonly c: Context<GatewayEnv>
  readonly principal: Principal
  readonly input: Input
}

/** One route. `path` as Hono writes it; `input` describes the body of a `post` and the query of a `get`. */
export interface Route {
  readonly method: 'get' | 'post'
  readonly path: string
  readonly summary: string
  readonly input: z.ZodType
  /** The status of success. */
  readonly status: number
  readonly handle: (c: Context<GatewayEnv>, gatehouse: Gatehouse) => Promise<Response>
}

/** The input of routes that take none. */
export const nothing = z.object({})

/** Declares a route that only reads; `input` is its query. */
export function defineRead<Input>(
  path: string,
  summary: string,
  input: z.ZodType<Input>,
  handle: (asked: Asked<Input>) => Promise<Response> | Response,
): Route {
  const read = async (c: Context<GatewayEnv>, gatehouse: Gatehouse) => {
    const checked = await parse(input, c.req.query(), 'the query')
    return handle({ ...gatehouse, c, principal: c.get('principal'), input: checked })
  }
  return { method: 'get', path, summary, input, status: 200, handle: read }
}

/** Declares a route that does something; `input` is its body, `shown` describes it where it is checked further in. */
export function defineAct<Input>(
  path: string,
  summary: string,
  { input, shown, status = 200 }: { input: z.ZodType<Input>; shown?: z.ZodType; status?: number },
  handle: (asked: Asked<Input>) => Promise<Response> | Response,
): Route {
  const act = async (c: Context<GatewayEnv>, gatehouse: Gatehouse) => {
    const checked = await readBody(c, input)
    return handle({ ...gatehouse, c, principal: c.get('principal'), input: checked })
  }
  return { method: 'post', path, summary, input: shown ?? input, status, handle: act }
}
