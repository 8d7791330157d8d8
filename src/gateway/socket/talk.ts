/** What a client's message does, and what it is answered. */
import { MusterError, type Principal } from '../../core/index.ts'
import type { Declaration } from '../../runtime/index.ts'
import { decisionOf } from '../approvals.ts'
import { declareRun } from '../goals.ts'
import type { Gatehouse } from '../route.ts'
import type { ClientMessage } from './message.ts'

/** The things that a client listens to, by name. */
export interface Subscriptions {
  /**
   * Takes a place for `source`, which is read once the returned function is called. Throws `conflict` when the name is
   * taken and `too-many-requests` when very many are open.
   */
  open(name: string, source: (signal: AbortSignal) => AsyncIterable<object>): () => void
  close(name: string): void
}

/** The answer to a message, and what begins once the client has been told. */
export interface Answer {
  readonly answer: object
  readonly begin?: () => void
}

/** Does what `message` asks for; throws what goes wrong with it. */
export async function talk(
  { muster }: Gatehouse,
  principal: Principal,
  subscriptions: Subscriptions,
  message: ClientMessage,
): Promise<Answer> {
  switch (message.type) {
    case 'subscribe':
      return {
        begin: await subscribe(muster, principal, subscriptions, message),
        answer: { type: 'subscribed', run: message.run },
      }
    case 'unsubscribe':
      subscriptions.close(topicOf(message))
      return { answer: { type: 'unsubscribed', run: message.run } }
    case 'declare': {
      const { idempotencyKey } = message
      const key = idempotencyKey === undefined ? {} : { idempotencyKey }
      const declared = await declareRun(muster, declarationOf(message), { as: principal, ...key })
      return { answer: { type: 'declared', ...declared } }
    }
    case 'decide': {
      const { type: _type, id: _id, approval, ...decision } = message
      const decided = await muster.approvals.decide(approval, decisionOf(decision), principal)
      return { answer: { type: 'decided', approval: decided } }
    }
    case 'answer': {
      const run = await muster.run(message.run, principal)
      await run.answer(message.question, message.choice)
      return { answer: { type: 'answered', run: run.id } }
    }
  }
}

type Topic = Extract<ClientMessage, { type: 'subscribe' | 'unsubscribe' }>

async function subscribe(
  muster: Gatehouse['muster'],
  principal: Principal,
  subscriptions: Subscriptions,
  message: Topic,
): Promise<() => void> {
  const topic = topicOf(message)
  if (message.run === undefined) {
    return subscriptions.open(topic, async function* (signal) {
      for await (const approval of muster.approvals.follow(principal, signal)) yield { type: 'approval', approval }
    })
  }
  const run = await muster.run(message.run, principal)
  const { after = 0 } = message
  return subscriptions.open(topic, async function* (signal) {
    for await (const event of run.events({ after, signal })) yield { type: 'event', run: run.id, event }
    if (!signal.aborted) yield { type: 'ended', run: run.id }
  })
}

function topicOf({ run, approvals }: Topic): string {
  if ((run === undefined) === (approvals === undefined))
    throw new MusterError('bad-input', 'a subscription is to a run or to approvals', {
      hint: 'send `run` with an id, or `approvals: true`',
    })
  return run ?? 'approvals'
}

function declarationOf({ text, goal }: { readonly text?: string | undefined; readonly goal?: unknown }): Declaration {
  if ((text === undefined) === (goal === undefined))
    throw new MusterError('bad-input', 'a declaration is a text or a goal', { hint: 'send `text`, or `goal`' })
  return text === undefined ? { goal } : { text }
}
