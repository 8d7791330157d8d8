/** The door of policy: may it. */
export type { Approval, Decision, Vote } from './approval.ts'
export type { Escalation, GuardRequest, Lifted, Phase, RuleReason, Ruling } from './request.ts'
