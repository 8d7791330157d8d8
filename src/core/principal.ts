/** Who asks or decides: a person, a service or an agent, as the border has established it. */
export interface Principal {
  /** Such as `maria` or `customer-1042`. */
  readonly id: string
  readonly kind: 'person' | 'service' | 'agent'
  /** The groups whose approvals this principal may give, and that policies speak of. */
  readonly roles: readonly string[]
  /** The tenant whose runs and data this principal may see. */
  readonly tenant: string
}
