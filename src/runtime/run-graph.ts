/**
 * The life of a run as a LangGraph graph: interpret, plan, review, pursue, assess, conclude. Its checkpoint is a cache over
 * the journal: every node looks first at what is already recorded, so a run whose checkpoint is lost or old goes through the
 * same nodes again and comes to the same place. Waiting for people is an interrupt.
 */
import { Annotation, type BaseCheckpointSaver, Command, END, interrupt, START, StateGraph } from '@langchain/langgraph'
import { MusterError, type RunId } from '../core/index.ts'
import { adoptPlan } from './adopt.ts'
import { assess, conclude, type Verdict } from './conclude.ts'
import type { Flow } from './hall.ts'
import { nextExpiry } from './inbox.ts'
import { interpretGoal } from './interpret.ts'
import { pursue } from './pursue.ts'
import { reviewPlan } from './review.ts'

const RunGraphState = Annotation.Root({
  verdict: Annotation<Verdict | undefined>,
  /** What is slept for: until when, and where to go on. */
  slept: Annotation<{ readonly until: number; readonly goOn: 'interpret' | 'plan' | 'review' | 'pursue' } | undefined>,
})

type GraphState = typeof RunGraphState.State

interface GraphConfig {
  readonly configurable?: { readonly flow?: string }
}

/** By what a held run is known to its graph: a process that takes a run again must not meet its own past. */
export function flowKey({ run, fence }: { readonly run: RunId; readonly fence: number }): string {
  return `${run}/${fence}`
}

/** A compiled run graph. */
export type RunGraph = ReturnType<typeof createRunGraph>

/** The graph over the runs that this process holds, each by its `flowKey`. */
export function createRunGraph(flows: ReadonlyMap<string, Flow>, checkpointer?: BaseCheckpointSaver) {
  const flowOf = (config: GraphConfig): Flow => {
    const flow = flows.get(config.configurable?.flow ?? '')
    if (flow === undefined) throw new MusterError('stale-fence', 'this process does not hold the run')
    return flow
  }
  const sleep = (until: number, goOn: 'interpret' | 'plan' | 'review' | 'pursue') =>
    new Command({ goto: 'sleep', update: { slept: { until, goOn } } })
  const end = (verdict: Verdict) => new Command({ goto: 'conclude', update: { verdict } })

  return (
    new StateGraph(RunGraphState)
      .addNode(
        'interpret',
        async (_: GraphState, config: GraphConfig) => {
          const interpreted = await interpretGoal(flowOf(config))
          if (interpreted.kind === 'waiting') return sleep(interpreted.until, 'interpret')
          return interpreted.kind === 'end' ? end(interpreted.verdict) : new Command({ goto: 'plan' })
        },
        { ends: ['plan', 'sleep', 'conclude'] },
      )
      .addNode(
        'plan',
        async (_: GraphState, config: GraphConfig) => {
          const adopted = await adoptPlan(flowOf(config))
          if (adopted.kind === 'waiting') return sleep(adopted.until, 'plan')
          return adopted.kind === 'end' ? end(adopted.verdict) : new Command({ goto: 'review' })
        },
        { ends: ['review', 'sleep', 'conclude'] },
      )
      .addNode(
        'review',
        async (_: GraphState, config: GraphConfig) => {
          const flow = flowOf(config)
          const reviewed = await reviewPlan(flow)
          if (reviewed.kind === 'overtaken') return new Command({ goto: 'plan' })
          if (reviewed.kind === 'waiting') return sleep(nextExpiry(flow) ?? flow.journal.state.deadline, 'review')
          return reviewed.kind === 'end' ? end(reviewed.verdict) : new Command({ goto: 'pursue' })
        },
        { ends: ['plan', 'pursue', 'sleep', 'conclude'] },
      )
      .addNode(
        'pursue',
        async (_: GraphState, config: GraphConfig) => {
          const flow = flowOf(config)
          const pursuit = await pursue(flow, flow.journal.state.plan?.steps.map(({ id }) => id) ?? [])
          if (pursuit.kind === 'waiting') return sleep(pursuit.until, 'pursue')
          return new Command({ goto: pursuit.kind === 'overtaken' ? 'plan' : 'assess' })
        },
        { ends: ['plan', 'assess', 'sleep'] },
      )
      // A node of its own: an interrupted node runs again from its start, and this one has nothing before it.
      .addNode(
        'sleep',
        ({ slept }: GraphState) => {
          interrupt({ until: slept?.until })
          return new Command({ goto: slept?.goOn ?? 'interpret' })
        },
        { ends: ['interpret', 'plan', 'review', 'pursue'] },
      )
      .addNode('assess', async (_: GraphState, config: GraphConfig) => ({ verdict: await assess(flowOf(config)) }))
      .addNode('conclude', async ({ verdict }: GraphState, config: GraphConfig) => {
        if (verdict === undefined) throw new MusterError('internal', 'the run has no verdict')
        await conclude(flowOf(config), verdict)
        return {}
      })
      .addEdge(START, 'interpret')
      .addEdge('assess', 'conclude')
      .addEdge('conclude', END)
      .compile(checkpointer === undefined ? {} : { checkpointer })
  )
}

/** Runs a held run until it has concluded, or until it waits: then until when, milliseconds since 1970. */
export async function runGraph(
  graph: RunGraph,
  flow: Flow,
): Promise<{ readonly kind: 'concluded' } | { readonly kind: 'waiting'; readonly until: number }> {
  const { state } = flow.journal
  // Kept when the run sleeps or ends: between two nodes the journal says as much, and a lost process starts again from it.
  const configurable = { thread_id: state.run, flow: flowKey({ run: state.run, fence: flow.fence }) }
  const config = { configurable, durability: 'exit', recursionLimit: 1000 } as const
  const { next, tasks } = await graph.getState(config)
  const interrupted = tasks.some(({ interrupts }) => interrupts.length > 0)
  const input = next.length === 0 ? {} : interrupted ? new Command({ resume: true }) : null
  const result = await graph.invoke(input, config)
  if (state.concluded !== undefined) return { kind: 'concluded' }
  const [waiting] = readInterrupts(result)
  return { kind: 'waiting', until: waiting ?? state.deadline }
}

function readInterrupts(result: object): readonly number[] {
  if (!('__interrupt__' in result) || !Array.isArray(result.__interrupt__)) return []
  return result.__interrupt__.flatMap(({ value }: { value?: { until?: unknown } }) =>
    typeof value?.until === 'number' ? [value.until] : [],
  )
}
