/** Cedar behind a few functions. No other file knows that policies are Cedar's. */
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import { digestOf } from '../core/index.ts'
import type { CedarValue } from './shape.ts'
import type { PolicySchema } from './vocabulary.ts'

/** A file of policies. */
export interface PolicyFile {
  readonly file: string
  readonly text: string
}

/** What is wrong with a policy, and where. A `warning` says that a policy can never apply; it still loads. */
export interface PolicyIssue {
  readonly severity: 'error' | 'warning'
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly message: string
}

/** One policy as it was written. */
export interface Policy {
  readonly file: string
  /** The line on which it begins, from 1. */
  readonly line: number
  readonly text: string
  readonly effect: 'permit' | 'forbid'
  readonly annotations: Readonly<Record<string, string>>
  /** The actions and groups that its scope names; undefined when it speaks of every action. */
  readonly actions: readonly string[] | undefined
  /** The attributes whose presence it tests with `has`. */
  readonly tests: readonly string[]
  /** The attributes that it looks at, of whatever has them; undefined when it takes the context as a whole. */
  readonly reads: readonly string[] | undefined
}

/** The policies of a file, in order, or what is wrong with its syntax. Templates are refused. */
export function parsePolicies(source: PolicyFile): {
  readonly policies: readonly Policy[]
  readonly issues: readonly PolicyIssue[]
} {
  const parts = cedar.policySetTextToParts(source.text)
  if (parts.type === 'failure') return { policies: [], issues: parts.errors.map(error => issue(source, error)) }
  if (parts.policy_templates.length > 0) {
    const line = lineAt(source.text, Math.max(0, source.text.indexOf(parts.policy_templates[0] ?? '')))
    const message = 'templates are not supported: name the principal and the resource, or leave them open'
    return { policies: [], issues: [{ severity: 'error', file: source.file, line, message }] }
  }
  let from = 0
  const policies: Policy[] = []
  const issues: PolicyIssue[] = []
  for (const text of inOrder(parts.policies)) {
    from = Math.max(from, source.text.indexOf(text, from))
    const line = lineAt(source.text, from)
    const parsed = cedar.policyToJson(text)
    if (parsed.type === 'failure') {
      const message = parsed.errors.map(error => error.message).join('; ')
      issues.push({ severity: 'error', file: source.file, line, message })
    } else {
      const { effect, annotations = {}, action, conditions } = parsed.json
      const [actions, tests, reads] = [namesIn(action), testsIn(conditions), readsIn(conditions)]
      policies.push({ file: source.file, line, text, effect, annotations, actions, tests, reads })
    }
    from += text.length
  }
  return { policies, issues }
}

/** What in the policies of a file does not fit the schema. */
export function validatePolicies(source: PolicyFile, schema: PolicySchema): readonly PolicyIssue[] {
  const answer = cedar.validate({
    schema: toCedarSchema(schema),
    policies: { staticPolicies: source.text },
    validationSettings: { mode: 'strict' },
  })
  if (answer.type === 'failure') return answer.errors.map(error => issue(source, error))
  return [...answer.validationErrors, ...answer.validationWarnings].map(({ error }) => issue(source, error))
}

/** Parses policies once, each under its own id; the name under which `evaluate` finds them. */
export function preparePolicies(policies: Readonly<Record<string, string>>): string {
  const name = digestOf(policies)
  succeed(cedar.preparsePolicySet(name, { staticPolicies: { ...policies } }))
  return name
}

/** An entity by type and id; types are in the namespace `Muster`. */
interface EntityName {
  readonly type: string
  readonly id: string
}

/** An entity with its attributes and the entities it is in. */
export interface Entity {
  readonly uid: EntityName
  readonly attrs: Readonly<Record<string, CedarValue>>
  readonly parents: readonly EntityName[]
}

/** A question in Cedar's words. */
export interface Question {
  readonly principal: Entity
  readonly action: Entity
  readonly resource: Entity
  readonly context: Readonly<Record<string, CedarValue>>
}

/** What policies said: whether they allow, by which of them, and which of them failed. */
export interface Verdict {
  readonly allowed: boolean
  /** Ids of the policies that decided. */
  readonly because: readonly string[]
  readonly failed: readonly { readonly policy: string; readonly message: string }[]
}

/**
 * Puts a question to prepared policies. The question is not held against the schema, which costs more than the answer:
 * `questionOf` has made it by the very shapes that the policies were checked against. Throws when it is malformed.
 */
export function evaluate({ principal, action, resource, context }: Question, policies: string): Verdict {
  const answer = cedar.statefulIsAuthorized({
    principal: { ...principal.uid },
    action: { ...action.uid },
    resource: { ...resource.uid },
    context: { ...context },
    // One that says nothing may as well not be there.
    entities: [principal, action, resource].filter(saysSomething).map(toCedarEntity),
    preparsedPolicySetId: policies,
    validateRequest: false,
  })
  if (answer.type === 'failure') throw new Error(answer.errors.map(error => error.message).join('; '))
  const { decision, diagnostics } = answer.response
  return {
    allowed: decision === 'allow',
    because: diagnostics.reason,
    failed: diagnostics.errors.map(({ policyId, error }) => ({ policy: policyId, message: error.message })),
  }
}

function saysSomething({ attrs, parents }: Entity): boolean {
  return parents.length > 0 || Object.keys(attrs).length > 0
}

function toCedarEntity({ uid, attrs, parents }: Entity): cedar.EntityJson {
  return { uid: { ...uid }, attrs: { ...attrs }, parents: parents.map(parent => ({ ...parent })) }
}

function toCedarSchema(schema: PolicySchema): cedar.SchemaJson<string> {
  return { Muster: { entityTypes: { ...schema.Muster.entityTypes }, actions: { ...schema.Muster.actions } } }
}

function succeed(answer: cedar.CheckParseAnswer): void {
  if (answer.type === 'failure') throw new Error(answer.errors.map(error => error.message).join('; '))
}

// Cedar names the policies of a text `policy0`, `policy1` … and hands them out sorted by that name: 10 before 2.
function inOrder(policies: readonly string[]): readonly string[] {
  const names = policies.map((_, index) => `policy${index}`).sort()
  const byName = new Map(names.map((name, index) => [name, policies[index] ?? '']))
  return policies.map((_, index) => byName.get(`policy${index}`) ?? '')
}

function namesIn(constraint: cedar.ActionConstraint): readonly string[] | undefined {
  if (constraint.op === 'All') return undefined
  if ('entities' in constraint) return constraint.entities.map(idOf)
  return 'entity' in constraint ? [idOf(constraint.entity)] : undefined
}

function testsIn(expression: unknown): readonly string[] {
  if (typeof expression !== 'object' || expression === null) return []
  return Object.entries(expression).flatMap(([operator, operand]) => [
    ...(operator === 'has' ? attributesNamed(operand) : []),
    ...testsIn(operand),
  ])
}

// The operand is `{ left, attr }`, where `attr` is one name or a path of them.
function attributesNamed(operand: unknown): readonly string[] {
  if (typeof operand !== 'object' || operand === null || !('attr' in operand)) return []
  return [operand.attr].flat().filter(name => typeof name === 'string')
}

// Attributes are only ever named, never computed, so what no policy names can be left out of the question.
function readsIn(conditions: unknown): readonly string[] | undefined {
  const names: string[] = []
  const collect = (expression: unknown): boolean => {
    if (typeof expression !== 'object' || expression === null) return true
    return Object.entries(expression).every(([operator, operand]: [string, unknown]) => {
      if (operator === 'Var') return operand !== 'context'
      // The keys of a record that is written out are no operators, whatever they are called.
      if (operator === 'Record') return Object.values(operand ?? {}).every(collect)
      if (operator !== '.' && operator !== 'has') return collect(operand)
      names.push(...attributesNamed(operand))
      const left = leftOf(operand)
      return isVariable(left) || collect(left)
    })
  }
  return collect(conditions) ? names : undefined
}

function leftOf(operand: unknown): unknown {
  return typeof operand === 'object' && operand !== null && 'left' in operand ? operand.left : operand
}

function isVariable(expression: unknown): boolean {
  return typeof expression === 'object' && expression !== null && 'Var' in expression
}

function idOf(uid: cedar.EntityUidJson): string {
  return '__entity' in uid ? uid.__entity.id : uid.id
}

function issue(source: PolicyFile, error: cedar.DetailedError): PolicyIssue {
  const place = error.sourceLocations?.[0]?.start ?? 0
  const before = Buffer.from(source.text).subarray(0, place).toString()
  const message = error.message.replace(/^for policy `policy\d+`, /, '')
  return {
    severity: error.severity === 'warning' ? 'warning' : 'error',
    file: source.file,
    line: lineAt(before, before.length),
    message: error.help ? `${message} (${error.help})` : message,
  }
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}
