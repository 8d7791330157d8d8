/** The policies of every scope, read and checked against what is known. */
import type { Capability } from '../agents/index.ts'
import { parsePolicies, type PolicyFile, type PolicyIssue, validatePolicies } from './cedar.ts'
import { readRules, type Rule } from './rule.ts'
import { type Action, actionsOf, schemaOf } from './vocabulary.ts'

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
  const rules = new Map<string, ScopeRules>()
  const issues: PolicyIssue[] = []
  for (const { scope, policies } of scopes) {
    const parsed = policies.map(parsePolicies)
    const read = readRules(parsed.flatMap(file => file.policies))
    const unparsed = parsed.flatMap(file => file.issues)
    const invalid = policies.flatMap((file, index) =>
      parsed[index]?.issues.length === 0 ? validatePolicies(file, schema) : [],
    )
    issues.push(...unparsed, ...read.issues, ...invalid)
    rules.set(scope, read.rules)
  }
  return { rules, issues }
}
