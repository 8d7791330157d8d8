/**
 * The same steps as nodes of a LangGraph graph, with nothing around them but a checkpoint after every step, on the same
 * store: what the funnel is compared with.
 */
import { Annotation, END, START, StateGraph } from '@langchain/langgraph'
import { createCheckpointer } from '../src/runtime/checkpointer.ts'
import type { CheckpointStore, Store } from '../src/store/index.ts'
import type { Shape } from './workloads.ts'

/** Runs the graph once, as the thread of that name. */
type RunThread = (thread: string) => Promise<void>

const State = Annotation.Root({
  value: Annotation<number, number>({ reducer: (_, next) => next, default: () => 0 }),
})

/** A graph of `n` nodes in that shape, checkpointed in `store` with LangGraph's durability `sync`. */
export function bareGraph(shape: Shape, n: number, store: Store, durability: 'full' | 'normal'): RunThread {
  const checkpoints = durability === 'full' ? synced(store) : store.checkpoints
  const names = Array.from({ length: n }, (_, index) => `step${index}`)
  // Names are only known here, so the builder cannot type its edges by them.
  const builder = new StateGraph<typeof State.spec, typeof State.State, typeof State.Update, string>(State)
  for (const name of names) builder.addNode(name, () => ({ value: 1 }))
  if (shape === 'chain') {
    for (const [index, name] of names.entries())
      builder.addEdge(index === 0 ? START : (names[index - 1] ?? START), name)
    builder.addEdge(names.at(-1) ?? START, END)
  } else {
    builder.addNode('collect', () => ({ value: 1 }))
    for (const name of names) builder.addEdge(START, name)
    builder.addEdge(names, 'collect')
    builder.addEdge('collect', END)
  }
  const graph = builder.compile({ checkpointer: createCheckpointer(checkpoints) })
  return async thread => {
    await graph.invoke(
      { value: 0 },
      { configurable: { thread_id: thread }, durability: 'sync', recursionLimit: n + 10 },
    )
  }
}

/** Checkpoints of which each is on disk before the graph goes on. What a store shows is on disk, so a look waits for that. */
function synced({ checkpoints, journal }: Store): CheckpointStore {
  return {
    ...checkpoints,
    async put(row) {
      await checkpoints.put(row)
      await journal.runs('', 1)
    },
  }
}
