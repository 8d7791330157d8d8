/** Verifies every recorded plan of a file, repairs those that fail, and compares with the recorded verdicts. */
import { commonOrder, createRepairer, validate } from '../src/planner/index.ts'
import { lengthRatio, type Prepared, prepare, readRequest, type Texts, timesOf, writeLines } from './instances.ts'

/** Runs the benchmark; the answer is its document. Throws `bad-input` for flags that it does not know. */
export async function repair(flags: readonly string[]): Promise<object> {
  const { texts, out } = await readRequest(flags)
  const answers = [...prepare(texts)].flatMap(prepared => repairAll(prepared, texts.llmPlans))
  const lines = answers.map(({ instance, source, verdict, flaws, plan }) => ({
    instance,
    source,
    verdict,
    flaws,
    plan,
  }))
  await writeLines(out, 'repair.jsonl', lines)
  const disagreements = answers.filter(({ recorded, valid }) => recorded !== valid)
  const wrong = answers.filter(({ valid }) => !valid)
  const repaired = wrong.filter(({ works }) => works)
  const compared = repaired.flatMap(({ plan, reference }) =>
    reference ? [{ plan: plan.length, reference: reference.length }] : [],
  )
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  return {
    plans: answers.length,
    verdictAgreement: share(answers.length - disagreements.length, answers.length),
    disagreements: disagreements.map(({ instance, source, recorded, valid, flaws }) => ({
      instance,
      source,
      recorded,
      ours: valid,
      reason: flaws[0] ?? 'every step can be done and the goal holds at the end',
    })),
    invalid: wrong.length,
    repaired: repaired.length,
    keptActions: share(sum(repaired.map(({ kept }) => kept)), sum(repaired.map(({ drafted }) => drafted))),
    // Of the actions of a repaired plan, those that stood in the draft, in this order.
    ownActions: share(sum(repaired.map(({ kept }) => kept)), sum(repaired.map(({ plan }) => plan.length))),
    addedLength: Number(
      (sum(compared.map(({ plan, reference }) => plan - reference)) / Math.max(1, compared.length)).toFixed(3),
    ),
    lengthRatio: lengthRatio(compared),
    ms: timesOf(wrong.map(({ ms }) => ms)),
  }
}

function repairAll({ name, domain, instance, task, reference }: Prepared, recorded: Texts['llmPlans']) {
  const repairPlan = createRepairer({ domain, instance, task })
  return Object.entries(recorded).flatMap(([source, plans]) => {
    const entry = plans[name]
    if (!entry) return []
    const [draft, verdict] = entry
    const started = performance.now()
    const answer = repairPlan(draft)
    const ms = performance.now() - started
    const plan = 'plan' in answer ? answer.plan : []
    return [
      {
        instance: name,
        source,
        recorded: Boolean(verdict),
        valid: answer.kind === 'valid',
        verdict: answer.kind,
        flaws: 'flaws' in answer ? answer.flaws.map(({ reason }) => reason) : [],
        works: validate(domain, instance, plan).valid,
        plan,
        reference,
        drafted: draft.length,
        kept: commonOrder(plan, draft).filter(place => place >= 0).length,
        ms,
      },
    ]
  })
}

function share(part: number, whole: number): number {
  return whole === 0 ? 1 : Number((part / whole).toFixed(4))
}
