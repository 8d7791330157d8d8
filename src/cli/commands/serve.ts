/** `muster serve`: the configured Muster behind HTTP and WebSocket, until it is told to end. */
import { once } from 'node:events'
import { startGateway } from '../../gateway/index.ts'
import type { Cli } from '../cli.ts'
import { exits, type Report } from '../report.ts'
import { openSession } from '../session.ts'
import { line, styled } from '../view/text.ts'

/** Where to listen. */
export interface ServeOptions {
  readonly port: number
  readonly host: string
}

/** Serves until `cli.leave` aborts; then requests are finished and runs given back. */
export async function serve(cli: Cli, { port, host }: ServeOptions): Promise<Report> {
  await using session = await openSession({ ...cli, screen: undefined }, { as: undefined, work: true })
  const { muster, config } = session
  await using gateway = await startGateway(muster, { port, host, people: config.people ?? [] })
  cli.publish({ url: gateway.url })
  cli.print([
    line('serving on ', styled('bold', gateway.url)),
    line(styled('dim', 'control-C ends it; runs stay in the store')),
  ])
  if (!cli.leave.aborted) await once(cli.leave, 'abort')
  return { exit: exits.done, document: undefined, lines: [line('ended; runs stay in the store')] }
}
