/** All routes behind one gate: who asks is known and how often is counted before a route runs. */
import { Hono } from 'hono'
import { MusterError } from '../core/index.ts'
import { approvalRoutes } from './approvals.ts'
import { chatRoutes } from './chat/routes.ts'
import { fleetRoutes } from './fleet.ts'
import { goalRoutes } from './goals.ts'
import { bearerToken, type Identify } from './identify.ts'
import { describeRoutes } from './openapi.ts'
import { describeProblem, openaiResponse, problemResponse } from './problem.ts'
import { callerOf } from './rate.ts'
import { defineRead, type Gatehouse, type GatewayEnv, nothing, type Route } from './route.ts'
import { runRoutes } from './runs.ts'
import { socketPath } from './socket/accept.ts'

const socketRoute = defineRead(socketPath, 'the WebSocket: subscribe, declare, decide, answer', nothing, () => {
  throw new MusterError('bad-input', 'this is a WebSocket', { hint: 'open it with a WebSocket client' })
})

const routes: readonly Route[] = [
  ...goalRoutes,
  ...runRoutes,
  ...approvalRoutes,
  ...fleetRoutes,
  ...chatRoutes,
  socketRoute,
  defineRead('/openapi.json', 'this description', nothing, ({ c }) => c.json(describeRoutes(routes))),
]

/** The HTTP interface. */
export function createApp(gatehouse: Gatehouse, identify: Identify): Hono<GatewayEnv> {
  const { log, muster, takeTurn, closing } = gatehouse
  const app = new Hono<GatewayEnv>()
  const fail = (path: string, thrown: unknown) => {
    const problem = describeProblem(thrown, log)
    return /^\/v1\/(chat|models)(\/|$)/.test(path) ? openaiResponse(problem) : problemResponse(problem)
  }
  app.onError((error, c) => fail(c.req.path, error))
  app.notFound(c =>
    fail(c.req.path, new MusterError('not-found', 'there is nothing here', { hint: 'see /openapi.json' })),
  )
  app.use(async (c, next) => {
    await next()
    c.header('x-content-type-options', 'nosniff')
    if (closing.aborted) c.header('connection', 'close')
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store')
  })

  app.get('/healthz', c => c.json({ status: 'ok' }))
  app.get('/readyz', async c => {
    closing.throwIfAborted()
    await muster.runs({ limit: 1 })
    return c.json({ status: 'ready' })
  })

  app.use(async (c, next) => {
    const principal = identify(c.env.incoming, bearerToken(c.req.header('authorization')))
    c.set('principal', principal)
    takeTurn(callerOf(principal))
    await next()
  })
  for (const route of routes) app.on(route.method, route.path, c => route.handle(c, gatehouse))
  return app
}
