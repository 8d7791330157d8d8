/**
 * Who may look at what, within a tenant.
 *
 * 1. A run belongs to whoever declared it: they and operators read it, answer for it and intervene in it. To everybody
 *    else it is not there.
 * 2. An approval is also seen by those who hold the role that it is put to, whosever run it stands in.
 */
import type { Principal } from '../core/index.ts'
import type { Approval } from '../policy/index.ts'

/** Whether `by` may read a run, and intervene in it. */
export function maySee(
  { tenant, principal }: { readonly tenant: string; readonly principal: string },
  by: Principal,
): boolean {
  return by.tenant === tenant && (by.id === principal || isOperator(by))
}

/** Whether `by` may read an approval; whether they may decide it is another question. */
export function maySeeApproval({ tenant, to, askedBy }: Approval, by: Principal): boolean {
  return by.tenant === tenant && (by.roles.includes(to) || askedBy.includes(by.id) || isOperator(by))
}

/** Whether `by` oversees the whole tenant. */
export function isOperator({ roles }: Principal): boolean {
  return roles.includes('operator')
}
