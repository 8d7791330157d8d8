/** Plans every instance of a file from nothing, and compares with its reference plans. */
import { solve as solveTask, toPartialOrder, validate } from '../src/planner/index.ts'
import { lengthRatio, prepare, readRequest, timesOf, writeLines } from './instances.ts'

/** Runs the benchmark; the answer is its document. Throws `bad-input` for flags that it does not know. */
export async function solve(flags: readonly string[]): Promise<object> {
  const { texts, out } = await readRequest(flags)
  const answers = [...prepare(texts)].map(({ name, domain, instance, task, reference, ms }) => {
    const started = performance.now()
    const solution = solveTask(task)
    const time = ms + performance.now() - started
    const plan = solution.kind === 'solved' ? solution.plan : undefined
    const works = plan !== undefined && validate(domain, instance, plan).valid
    const stages = plan && works ? stagesOf(toPartialOrder(task, plan)) : undefined
    return { name, solution, plan: works ? plan : undefined, stages, reference, time }
  })
  const lines = answers.map(({ name, solution, plan, stages }) => ({
    instance: name,
    source: 'muster',
    verdict: plan ? 'valid' : solution.kind,
    plan: plan ?? [],
    ...(stages === undefined ? {} : { stages }),
    ...(solution.kind === 'unsolvable' ? { reason: solution.reason } : {}),
  }))
  await writeLines(out, 'solve.jsonl', lines)
  const compared = answers.flatMap(({ plan, reference }) =>
    plan && reference ? [{ plan: plan.length, reference: reference.length }] : [],
  )
  const solved = answers.filter(({ plan }) => plan)
  return {
    instances: answers.length,
    solved: solved.length,
    unsolvable: answers.filter(({ solution }) => solution.kind === 'unsolvable').length,
    undecided: answers.filter(({ solution }) => solution.kind === 'unknown').map(({ name }) => name),
    provedOptimal: answers.filter(({ solution }) => solution.kind === 'solved' && solution.optimal).length,
    references: compared.length,
    optimalOrBetter: compared.filter(({ plan, reference }) => plan <= reference).length,
    shorterThanReference: compared.filter(({ plan, reference }) => plan < reference).length,
    lengthRatio: lengthRatio(compared),
    // How long plans take when what can run side by side does, as a share of their actions.
    stagesPerAction: lengthRatio(
      solved.map(({ plan, stages }) => ({ plan: stages ?? 0, reference: plan?.length ?? 0 })),
    ),
    ms: timesOf(answers.map(({ time }) => time)),
  }
}

/** The length of the longest chain of steps. */
function stagesOf(steps: readonly { readonly after: readonly number[] }[]): number {
  const stages: number[] = []
  for (const { after } of steps) stages.push(1 + Math.max(0, ...after.map(one => stages[one] ?? 0)))
  return Math.max(0, ...stages)
}
