/** The policies of every scope, read and checked against what is known. */
import type { Capability } from '../agents/index.ts'
import { parsePolicies, type Policy, type PolicyFile, type PolicyIssue, validatePolicies } from './cedar.ts'
import { readRules, type Rule } from './rule.ts'
import type { Shape } from './shape.ts'
import { type Action, actionsOf, type PolicySchema, schemaOf } from './vocabulary.ts'

/** The scope whose policies rule on everything. */
export const homeScope = 'home'

/** The policy files of one owner: of `home`, or of the domain that the scope is named after. */
export interface PolicyScope {
  readonly scope: string
  readonly policies: readonly PolicyFile[]
}

/** The rules of one scope, by id. */
export type ScopeRules = ReadonlyMap<string, Rule>

/** Everything that is wrong with the policies of `scopes`, every file read to its end. Throws as `actionsOf` does. */
export function checkPolicies(
  scopes: readonly PolicyScope[],
  capabilities: readonly Capability[],
): readonly PolicyIssue[] {
  return readScopes(scopes, actionsOf(capabilities)).issues
}

/** The rules of every scope by id, and what is wrong with them. */
export function readScopes(
  scopes: readonly PolicyScope[],
  actions: ReadonlyMap<string, Action>,
): { readonly rules: ReadonlyMap<string, ScopeRules>; readonly issues: readonly PolicyIssue[] } {
  const schema = schemaOf(actions.values())
  const names = attributesOf(schema)
  const rules = new Map<string, ScopeRules>()
  const issues: PolicyIssue[] = []
  for (const { scope, policies } of scopes) {
    const parsed = policies.map(parsePolicies)
    const read = readRules(parsed.flatMap(file => file.policies))
    const blind = parsed.flatMap(file => file.policies.flatMap(policy => unseen(policy, names)))
    const unparsed = parsed.flatMap(file => file.issues)
    const invalid = policies.flatMap((file, index) =>
      parsed[index]?.issues.length === 0 ? validatePolicies(file, schema) : [],
    )
    issues.push(...unparsed, ...read.issues, ...blind, ...invalid)
    rules.set(scope, read.rules)
  }
  return { rules, issues }
}

// Cedar takes a test for an attribute that cannot be there as false, so that a forbid behind it would never speak.
function unseen({ file, line, tests }: Policy, names: ReadonlySet<string>): readonly PolicyIssue[] {
  const unknown = tests.filter(name => !names.has(name))
  return unknown.map(name => ({
    severity: 'error',
    file,
    line,
    message: `\`has ${name}\` is never true: policies see no attribute of that name`,
  }))
}

function attributesOf({ Muster: { entityTypes, actions } }: PolicySchema): ReadonlySet<string> {
  const names = new Set<string>()
  const collect = (shape: Shape | undefined) => {
    if (shape?.type === 'Set') collect(shape.element)
    if (shape?.type !== 'Record') return
    for (const [name, attribute] of Object.entries(shape.attributes)) {
      names.add(name)
      collect(attribute)
    }
  }
  for (const { shape } of Object.values(entityTypes)) collect(shape)
  for (const { appliesTo } of Object.values(actions)) collect(appliesTo?.context)
  return names
}
